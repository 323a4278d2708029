// How is one incident drawn? Shape and colour say the type, size the toll, outline the status, "?" a dispute.
(function (SM) {
  'use strict';
  var CORNERS = { diamond: 4, triangle: 3, hexagon: 6 };

  // radius in pixels for a number of deaths; area grows with the toll
  SM.radius = function (deaths) { return Math.min(30, 6 + 1.55 * Math.sqrt(Math.max(0, deaths))); };

  SM.tracePath = function (context, shape, x, y, r) {
    context.beginPath();
    if (shape === 'circle') { context.arc(x, y, r, 0, 2 * Math.PI); return; }
    if (shape === 'square') { context.rect(x - r * 0.86, y - r * 0.86, r * 1.72, r * 1.72); return; }
    if (shape === 'star') { corners(context, x, y, 16, function (i) { return i % 2 ? r * 0.62 : r * 1.18; }); return; }
    if (shape === 'cross') { cross(context, x, y, r * 0.95, r * 0.36); return; }
    corners(context, x, y, CORNERS[shape], function () { return r * (shape === 'diamond' ? 1.14 : shape === 'triangle' ? 1.22 : 1.04); });
  };

  // symbols shrink a little on small scales, so that they do not hide one another
  SM.shrink = function (zoom) { return Math.max(0.62, Math.min(1, 0.62 + (zoom - 4) * 0.13)); };

  // look: {type, outline, low, high, kind, disputed, faint}
  SM.paintSymbol = function (context, x, y, look) {
    var symbol = SM.style.symbols[look.type], outline = SM.style.outlines[look.outline];
    var said = look.low !== SM.MISSING, scale = look.scale || 1, r = scale * SM.radius(said ? look.low : 0);
    context.globalAlpha = look.faint ? 0.55 : 1;
    if (said) { paintRange(context, x, y, r, look, symbol); }
    SM.tracePath(context, symbol.shape, x, y, r);
    context.fillStyle = look.kind === 7 ? '#ffffff' : symbol.colour;
    context.globalAlpha *= look.kind === 7 || r < 14 ? 0.95 : 0.82;
    context.fill();
    context.globalAlpha = look.faint ? 0.55 : 1;
    if (look.kind === 7) { context.strokeStyle = symbol.colour; context.lineWidth = 3; context.stroke(); }
    paintOutline(context, outline);
    if (look.disputed) { paintDispute(context, x + r * 0.8, y - r * 0.8); }
    context.globalAlpha = 1;
    return r;
  };

  // the visible range: a pale ring out to the highest figure, dashed where the top is open
  function paintRange(context, x, y, r, look, symbol) {
    var open = look.high === SM.MISSING, outer = open ? r + 4 : (look.scale || 1) * SM.radius(look.high);
    if (!open && outer < r + 1) { return; }
    context.beginPath();
    context.arc(x, y, outer + 1, 0, 2 * Math.PI);
    context.setLineDash(open ? [2, 3] : []);
    context.strokeStyle = symbol.colour;
    context.lineWidth = 1.3;
    context.stroke();
    context.setLineDash([]);
    if (!open) {
      context.globalAlpha *= 0.22;
      context.fillStyle = symbol.colour;
      context.fill();
      context.globalAlpha = look.faint ? 0.55 : 1;
    }
  }

  function paintOutline(context, outline) {
    context.strokeStyle = '#ffffff';
    context.lineWidth = outline.width + 1.6;
    context.globalCompositeOperation = 'destination-over';
    context.stroke();
    context.globalCompositeOperation = 'source-over';
    context.setLineDash(outline.dash);
    context.strokeStyle = '#26231c';
    context.lineWidth = outline.width;
    context.stroke();
    context.setLineDash([]);
  }

  function paintDispute(context, x, y) {
    context.beginPath();
    context.arc(x, y, 6, 0, 2 * Math.PI);
    context.fillStyle = '#ffffff';
    context.fill();
    context.strokeStyle = '#26231c';
    context.lineWidth = 1;
    context.stroke();
    context.fillStyle = '#26231c';
    context.font = '700 9px ' + SM.fontSans;
    context.textAlign = 'center';
    context.textBaseline = 'middle';
    context.fillText('?', x, y + 0.5);
  }

  // a ring of event types round the number of incidents
  SM.paintCluster = function (context, x, y, cluster) {
    var r = SM.clusterRadius(cluster.count), at = -Math.PI / 2;
    context.beginPath();
    context.arc(x, y, r + 1.5, 0, 2 * Math.PI);
    context.fillStyle = '#ffffff';
    context.fill();
    for (var t = 0; t < cluster.types.length; t += 1) {
      if (!cluster.types[t]) { continue; }
      var turn = 2 * Math.PI * cluster.types[t] / cluster.count;
      context.beginPath();
      context.arc(x, y, r - 2, at, at + turn);
      context.strokeStyle = SM.style.symbols[t].colour;
      context.lineWidth = 5;
      context.stroke();
      at += turn;
    }
    context.fillStyle = '#26231c';
    context.font = '600 ' + (r > 16 ? 12 : 11) + 'px ' + SM.fontSans;
    context.textAlign = 'center';
    context.textBaseline = 'middle';
    context.fillText(cluster.count < 10000 ? String(cluster.count) : Math.round(cluster.count / 1000) + 'k', x, y + 0.5);
    return r;
  };

  SM.clusterRadius = function (count) { return 12 + 4.2 * Math.log(count) / Math.LN10; };

  // the number of incidents known only by a region or stretch: a tag, never a pin
  SM.paintTag = function (context, x, y, text, colour) {
    context.font = '600 11px ' + SM.fontSans;
    var width = text ? context.measureText(text).width + 24 : 19;
    context.fillStyle = '#ffffff';
    context.strokeStyle = colour;
    context.lineWidth = 1.4;
    context.beginPath();
    context.rect(x - width / 2, y - 10, width, 20);
    context.fill();
    context.stroke();
    context.save();
    context.beginPath();
    context.rect(x - width / 2 + 4, y - 6, 11, 12);
    context.clip();
    context.beginPath();
    for (var i = -12; i < 24; i += 4) { context.moveTo(x - width / 2 + 4 + i, y + 6); context.lineTo(x - width / 2 + 16 + i, y - 6); }
    context.stroke();
    context.restore();
    context.fillStyle = '#26231c';
    context.textAlign = 'left';
    context.textBaseline = 'middle';
    context.fillText(text, x - width / 2 + 18, y + 0.5);
    return { width: width, height: 20 };
  };

  // hatching in a colour, for what is known only as a region
  SM.hatch = function (context, colour) {
    var tile = document.createElement('canvas'), pen = tile.getContext('2d');
    tile.width = tile.height = 9;
    pen.strokeStyle = colour;
    pen.globalAlpha = 0.6;
    pen.lineWidth = 1.3;
    pen.beginPath();
    for (var i = -9; i <= 9; i += 9) { pen.moveTo(i - 1, 10); pen.lineTo(i + 10, -1); }
    pen.stroke();
    return context.createPattern(tile, 'repeat');
  };

  // a small canvas with one drawing on it, for legends and rows
  SM.picture = function (width, height, draw) {
    var canvas = SM.el('canvas', { 'aria-hidden': 'true', 'class': 'sm-picture' }), dense = 2;
    canvas.width = width * dense;
    canvas.height = height * dense;
    canvas.style.width = width + 'px';
    canvas.style.height = height + 'px';
    var context = canvas.getContext('2d');
    context.scale(dense, dense);
    draw(context);
    return canvas;
  };

  SM.typePicture = function (type) {
    return SM.picture(18, 18, function (context) {
      SM.tracePath(context, SM.style.symbols[type].shape, 9, 9, 6.2);
      context.fillStyle = SM.style.symbols[type].colour;
      context.fill();
    });
  };

  function corners(context, x, y, count, radius) {
    for (var i = 0; i < count; i += 1) {
      var angle = 2 * Math.PI * i / count - Math.PI / 2, r = radius(i);
      if (i) { context.lineTo(x + r * Math.cos(angle), y + r * Math.sin(angle)); }
      else { context.moveTo(x + r * Math.cos(angle), y + r * Math.sin(angle)); }
    }
    context.closePath();
  }

  function cross(context, x, y, r, w) {
    var turns = [[-w, -r], [w, -r], [w, -w], [r, -w], [r, w], [w, w], [w, r], [-w, r], [-w, w], [-r, w], [-r, -w], [-w, -w]];
    turns.forEach(function (turn, i) {
      if (i) { context.lineTo(x + turn[0], y + turn[1]); } else { context.moveTo(x + turn[0], y + turn[1]); }
    });
    context.closePath();
  }
})(window.SahelMap = window.SahelMap || {});
