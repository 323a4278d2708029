"""QGIS styles (QML) in the map page's shapes and colours: event type by shape and fill, status by outline.

The symbols repeat ``views.style`` (a test holds them together), for exports know nothing of views.
"""

from __future__ import annotations

from xml.sax.saxutils import quoteattr

SYMBOLS = {
    "Battles": ("diamond", "#c8442b"), "Explosions/Remote violence": ("star", "#e69f00"),
    "Violence against civilians": ("circle", "#6b3fa0"), "Protests": ("square", "#0072b2"),
    "Riots": ("triangle", "#1b9e77"), "Strategic developments": ("hexagon", "#56778c"), "": ("cross", "#4a4a4a"),
}  # fmt: skip
_KINDS = {"incidents_points": "marker", "incidents_stretches": "line", "incidents_areas": "fill"}
_DASH = "CASE WHEN \"status\" = 'claimed' THEN 'dash' ELSE 'solid' END"
_WIDTH = "CASE WHEN \"status\" = 'confirmed' THEN 0.6 WHEN \"status\" = 'claimed' THEN 0.35 ELSE 0.28 END"
_DISC = 'CASE WHEN "kind" = \'near\' THEN 2000 * "uncertainty_km" ELSE 0 END'  # metres across
_ALPHA = 'CASE WHEN "background" THEN 40 ELSE 100 END'
_SIZE = 'coalesce(2.4 + 0.9 * ln(1 + "fatalities_low"), 2.4)'  # mm


def style_of(layer: str) -> str:
    """The style of one GeoPackage layer as a QML document."""
    kind = _KINDS[layer]
    names = list(SYMBOLS)
    categories = "".join(
        f'<category symbol="{n}" value={quoteattr(name)} label={quoteattr(name or "other")} render="true"/>'
        for n, name in enumerate(names)
    )
    symbols = "".join(_symbol(str(n), kind, *SYMBOLS[name]) for n, name in enumerate(names))
    return (
        '<!DOCTYPE qgis PUBLIC "http://mrcc.com/qgis.dtd" "SYSTEM"><qgis version="3.22" styleCategories="Symbology">'
        f'<renderer-v2 type="categorizedSymbol" attr="event_type" enableorderby="0" forceraster="0">'
        f"<categories>{categories}</categories><symbols>{symbols}</symbols></renderer-v2></qgis>"
    )


def _symbol(name: str, kind: str, shape: str, colour: str) -> str:
    red, green, blue = (int(colour[n : n + 2], 16) for n in (1, 3, 5))
    fill = f"{red},{green},{blue}"
    if kind == "marker":
        disc = {"name": "circle", "color": f"{fill},40", "outline_color": f"{fill},150", "outline_style": "dash",
                "size": "0", "size_unit": "RenderMetersInMapUnits"}  # fmt: skip
        options = {"name": shape, "color": f"{fill},230", "outline_color": "60,58,52,255", "outline_width": "0.28",
                   "outline_width_unit": "MM", "size": "2.4", "size_unit": "MM"}  # fmt: skip
        driven = {"size": _SIZE, "outlineStyle": _DASH, "outlineWidth": _WIDTH}
        layers = _layer("SimpleMarker", disc, {"size": _DISC}) + _layer("SimpleMarker", options, driven)
    elif kind == "line":
        layers = _layer("SimpleLine", {
            "line_color": f"{fill},230", "line_width": "1.4", "line_width_unit": "MM", "capstyle": "round",
            "use_custom_dash": "1", "customdash": "0.01;2.6", "customdash_unit": "MM",
        }, {})  # fmt: skip
    else:
        layers = _layer("SimpleFill", {
            "color": f"{fill},200", "style": "b_diagonal", "outline_color": f"{fill},255", "outline_style": "dash",
            "outline_width": "0.4", "outline_width_unit": "MM",
        }, {})  # fmt: skip
    return f'<symbol type="{kind}" name="{name}" alpha="1" clip_to_extent="1" force_rhr="0">{_rules({"alpha": _ALPHA})}{layers}</symbol>'


def _layer(kind: str, options: dict[str, str], driven: dict[str, str]) -> str:
    values = "".join(f'<Option type="QString" name={quoteattr(k)} value={quoteattr(v)}/>' for k, v in options.items())
    return f'<layer class="{kind}" enabled="1" locked="0" pass="0"><Option type="Map">{values}</Option>{_rules(driven)}</layer>'


def _rules(driven: dict[str, str]) -> str:
    """What a column decides, as QGIS expressions."""
    rules = "".join(
        f'<Option type="Map" name={quoteattr(k)}><Option type="bool" name="active" value="true"/>'
        f'<Option type="int" name="type" value="3"/><Option type="QString" name="expression" value={quoteattr(v)}/></Option>'
        for k, v in driven.items()
    )
    return (
        '<data_defined_properties><Option type="Map"><Option type="QString" name="name" value=""/>'
        f'<Option type="Map" name="properties">{rules}</Option><Option type="QString" name="type" value="collection"/>'
        "</Option></data_defined_properties>" if rules else ""
    )  # fmt: skip
