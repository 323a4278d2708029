// What is drawn on? A canvas that pans and zooms with the map; each layer paints itself on one.
(function (SM) {
  'use strict';

  SM.openSurfaces = function () {
    if (SM.Surface) { return; }
    // L.Renderer keeps the canvas placed, padded and animated; paint(context, view) is the layer's own
    SM.Surface = L.Renderer.extend({
      options: { padding: 0.15, pane: 'overlayPane' },

      _initContainer: function () {
        this._container = SM.el('canvas', { 'aria-hidden': 'true' });
        this._container.style.pointerEvents = 'none';
        this._context = this._container.getContext('2d', this.options.readsBack ? { willReadFrequently: true } : undefined);
      },

      _update: function () {
        if (!this._map || (this._map._animatingZoom && this._bounds)) { return; }
        L.Renderer.prototype._update.call(this);
        var size = this._bounds.getSize(), dense = Math.min(window.devicePixelRatio || 1, 2);
        L.DomUtil.setPosition(this._container, this._bounds.min);
        this._container.width = Math.round(size.x * dense);
        this._container.height = Math.round(size.y * dense);
        this._container.style.width = size.x + 'px';
        this._container.style.height = size.y + 'px';
        this._dense = dense;
        this.repaint();
      },

      _destroyContainer: function () {
        this._container.remove();
        this._container = this._context = null;
      },

      repaint: function () {
        if (!this._map || !this._bounds) { return this; }
        var view = viewOf(this._map, this._bounds), context = this._context;
        context.setTransform(this._dense, 0, 0, this._dense, 0, 0);
        context.clearRect(0, 0, view.width, view.height);
        this.paint(context, view);
        return this;
      }
    });
  };

  // the window: toX, toY turn world units into canvas pixels
  function viewOf(map, bounds) {
    var zoom = map.getZoom(), scale = 256 * Math.pow(2, zoom), origin = map.getPixelOrigin();
    var left = origin.x + bounds.min.x, top = origin.y + bounds.min.y, size = bounds.getSize();
    return {
      zoom: zoom, scale: scale, left: left, top: top, width: size.x, height: size.y,
      box: [left / scale, top / scale, (left + size.x) / scale, (top + size.y) / scale],
      toX: function (x) { return x * scale - left; },
      toY: function (y) { return y * scale - top; }
    };
  }

  // puts a line or ring on the context's path, leaving out steps below a pixel
  SM.trace = function (context, view, part, closed) {
    var scale = view.scale, left = view.left, top = view.top, px = part[0] * scale - left, py = part[1] * scale - top;
    context.moveTo(px, py);
    for (var i = 2; i < part.length; i += 2) {
      var x = part[i] * scale - left, y = part[i + 1] * scale - top;
      if (Math.abs(x - px) + Math.abs(y - py) < 1.2 && i < part.length - 2) { continue; }
      context.lineTo(x, y);
      px = x;
      py = y;
    }
    if (closed) { context.closePath(); }
  };

  SM.overlaps = function (box, other) {
    return box[0] <= other[2] && box[2] >= other[0] && box[1] <= other[3] && box[3] >= other[1];
  };

  SM.traceShape = function (context, view, shape) {
    context.beginPath();
    shape.parts.forEach(function (part) { SM.trace(context, view, part, shape.closed); });
  };
})(window.SahelMap = window.SahelMap || {});
