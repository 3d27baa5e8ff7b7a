"""Printed papers (文书): numbered without gaps, frozen when issued, sealed, printed again the same.

`stationery` a city's forms of numbers and templates · `content` what is printed · `issuing` and `notices` under a
number, once · `filing` inside the one door · `reading` who may print one again. services/exports/paper_* make files.
A paper is a file for printing only: nothing of it goes into a message.
"""
