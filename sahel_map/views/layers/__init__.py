"""Folium layers of incidents, one file a layer."""
