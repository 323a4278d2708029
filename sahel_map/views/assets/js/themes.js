// Where does it gather? Two thematic layers that follow the filters: regions shaded by count or toll, and heat.
(function (SM) {
  'use strict';
  var SHADES = ['#fdf1dc', '#f9d7a8', '#f0ab74', '#d9734f', '#a93f35'];

  // the index in regions of the one that holds each row, -1 for none; made once for each set of regions
  SM.regionOfRows = function (store, regions) {
    var found = new Int16Array(store.count).fill(-1);
    for (var row = 0; row < store.count; row += 1) {
      if (isNaN(store.x[row])) { continue; }
      for (var i = 0; i < regions.length; i += 1) {
        if (SM.isInside(regions[i], store.x[row], store.y[row])) { found[row] = i; break; }
      }
    }
    return found;
  };

  // what paints the regions of the ground's day, shaded by what is shown; the ground calls it below its lines and names
  SM.openChoropleth = function (store, filter, ground, groundLayer) {
    return {
      measure: 'count',

      paint: function (context, view) {
        var sums = this.sums(), top = Math.max.apply(null, sums.values.concat(1)), self = this;
        this.top = top;
        sums.regions.forEach(function (region, i) {
          if (!sums.values[i] || !SM.overlaps(region.box, view.box)) { return; }
          SM.traceShape(context, view, region);
          context.fillStyle = SHADES[self.shade(sums.values[i], top)];
          context.globalAlpha = 0.8;
          context.fill('evenodd');
          context.globalAlpha = 1;
        });
      },

      shade: function (value, top) { return Math.min(SHADES.length - 1, Math.floor(Math.sqrt(value / top) * SHADES.length)); },

      sums: function () {
        var regions = SM.regionsOn(ground, groundLayer.today()), key = regions.map(function (region) { return ground.admin1.indexOf(region); }).join();
        if (this.key !== key) { this.key = key; this.index = SM.regionOfRows(store, regions); }
        var values = regions.map(function () { return 0; });
        for (var i = 0; i < filter.shown; i += 1) {
          var row = filter.rows[i], region = this.index[row];
          if (region >= 0) { values[region] += this.measure === 'count' ? 1 : Math.max(0, store.low[row]); }
        }
        return { regions: regions, values: values };
      }
    };
  };

  SM.shades = SHADES;

  // canvas layer: incidents a place, blurred; for the eye, not for measuring
  SM.openHeat = function (store, filter) {
    var Heat = SM.Surface.extend({
      paint: function (context, view) {
        var clusters = SM.cluster(store, filter.rows, filter.shown, view.scale, view.box, 8), top = 1;
        clusters.forEach(function (cluster) { top = Math.max(top, cluster.count); });
        var dot = spot(26);
        clusters.forEach(function (cluster) {
          context.globalAlpha = Math.max(0.08, Math.pow(cluster.count / top, 0.45));
          context.drawImage(dot, view.toX(cluster.x) - 26, view.toY(cluster.y) - 26);
        });
        context.globalAlpha = 1;
        colour(context);
      }
    });
    return new Heat({ padding: 0.15, readsBack: true });
  };

  function spot(r) {
    var canvas = document.createElement('canvas'), context;
    canvas.width = canvas.height = 2 * r;
    context = canvas.getContext('2d');
    var fade = context.createRadialGradient(r, r, 0, r, r, r);
    fade.addColorStop(0, 'rgba(0,0,0,0.8)');
    fade.addColorStop(1, 'rgba(0,0,0,0)');
    context.fillStyle = fade;
    context.fillRect(0, 0, 2 * r, 2 * r);
    return canvas;
  }

  // density (alpha) becomes colour
  function colour(context) {
    var canvas = context.canvas, ramp = document.createElement('canvas'), pen = ramp.getContext('2d');
    ramp.width = 256;
    ramp.height = 1;
    var scale = pen.createLinearGradient(0, 0, 256, 0);
    SHADES.forEach(function (shade, i) { scale.addColorStop((i + 1) / SHADES.length, shade); });
    scale.addColorStop(0, '#fffaf0');
    pen.fillStyle = scale;
    pen.fillRect(0, 0, 256, 1);
    var table = pen.getImageData(0, 0, 256, 1).data, image = context.getImageData(0, 0, canvas.width, canvas.height), data = image.data;
    for (var i = 3; i < data.length; i += 4) {
      if (!data[i]) { continue; }
      var at = data[i] * 4;
      data[i - 3] = table[at];
      data[i - 2] = table[at + 1];
      data[i - 1] = table[at + 2];
      data[i] = Math.min(225, data[i] * 2);
    }
    context.putImageData(image, 0, 0);
  }
})(window.SahelMap = window.SahelMap || {});
