"""From news reports and coded events about attacks in the Sahel to maps, tables and GIS files."""

__version__ = "0.1.0"
