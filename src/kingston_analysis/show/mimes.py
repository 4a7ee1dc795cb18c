"""The types under which notebooks emit what the book draws, and what stands beside it elsewhere."""

# JupyterLab draws version 5 of the type and shows version 6 as text; Altair 6 fits both.
FIGURE = "application/vnd.vegalite.v5+json"
# Heading and note of a figure, for viewers that show its chart alone; the book leaves them out,
# since its own figures have them.
CAPTION = "application/vnd.kingston.caption+json"
