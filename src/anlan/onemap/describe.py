"""A layer as the browser reads it: names, legend, filters, addresses. Words are in the asking person's language."""

from anlan.desk.layers.declare import Layer


def describe(layer: Layer, count: int) -> dict:
    return {
        "name": layer.name,
        "title": str(layer.title),
        "group": str(layer.group),
        "kind": layer.kind,
        "count": count,
        "marks": [{"colour": mark.hex, "shape": mark.shape, "word": str(mark.word)} for mark in layer.marks],
        "filters": [_filter(layer, name) for name in layer.filters],
        "weight": layer.weight,
        "size": layer.size,
        "minZoom": layer.min_zoom,
        "visible": layer.visible,
        "live": layer.live,
        "searchable": bool(layer.search),
    }


def _filter(layer: Layer, name: str) -> dict:
    """A choice when the column has words; the browser finds out about texts and ranges from the page itself."""
    column = layer.columns[name]
    words = None if column.words is None else [str(word) for word in column.words.values()]
    return {"column": name, "title": str(column.title or name), "words": words}
