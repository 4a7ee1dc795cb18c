"""The types under which notebooks emit what the book draws."""

# JupyterLab draws version 5 of the type and shows version 6 as text; Altair 6 fits both.
FIGURE = "application/vnd.vegalite.v5+json"
