-- Run once by the database's container: Prefect's own database, and what both need.
CREATE DATABASE prefect;
CREATE EXTENSION IF NOT EXISTS pg_trgm;
\connect prefect
CREATE EXTENSION IF NOT EXISTS pg_trgm;
