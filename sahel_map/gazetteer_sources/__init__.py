"""Who else knows places? One small reader per format, recognising its files by content, not by name.

    geonames      GeoNames country dumps and alternate names (zip or text)
    settlements   OCHA settlement lists and any other table of names and coordinates
    whosonfirst   Who's On First as a plain table
    openstreetmap place nodes of .osm.pbf and .osm extracts, read by GDAL
    cod_ab        OCHA administrative boundaries (GeoJSON, shapefiles, GeoPackage): units as polygons and places

``divisions`` finds the dated units that polygons draw, ``collect`` reads a folder, ``merging`` makes one place of what several sources know,
``download`` fetches (with geocoding.py the only network of the package).
Titles, addresses and licences are rows of ``sources.csv``.
"""
