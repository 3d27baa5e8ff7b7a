"""Online filing (网上申报): the list of material, handing in, review, and issues for what is missing."""
