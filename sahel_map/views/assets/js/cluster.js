// Which incidents stand together at this zoom? Bins of a few pixels, merged greedily from the fullest.
// One pass over the rows and a few thousand bins: fast enough to do again at every step of the brush,
// where an index built once (supercluster) would have to be rebuilt.
(function (SM) {
  'use strict';
  var BIN = 8; // pixels

  // rows[0..shown) -> [{x, y, count, row, types, low}] within the window (world units); scale: pixels a world
  SM.cluster = function (store, rows, shown, scale, window, radius) {
    var grid = openGrid(window, scale, SM.style.symbols.length), x = store.x, y = store.y, type = store.type, low = store.low;
    for (var i = 0; i < shown; i += 1) {
      var row = rows[i];
      if (!(x[row] >= grid.west && x[row] < grid.east && y[row] >= grid.north && y[row] < grid.south)) { continue; }
      if (store.shape[row] >= 0) { continue; } // lines and regions are drawn as what they are
      var bin = Math.floor((y[row] - grid.north) * grid.scale) * grid.width + Math.floor((x[row] - grid.west) * grid.scale);
      grid.count[bin] += 1;
      grid.x[bin] += x[row];
      grid.y[bin] += y[row];
      grid.row[bin] = row;
      grid.types[bin * grid.kinds + type[row]] += 1;
      if (low[row] > 0) { grid.low[bin] += low[row]; }
    }
    return merge(grid, radius / BIN);
  };

  // the rows that a cluster stands for
  SM.rowsOfCluster = function (store, rows, shown, clusters, cluster) {
    var grid = clusters.grid, found = [];
    for (var i = 0; i < shown; i += 1) {
      var row = rows[i], x = store.x[row], y = store.y[row];
      if (store.shape[row] >= 0 || !(x >= grid.west && x < grid.east && y >= grid.north && y < grid.south)) { continue; }
      var bin = Math.floor((y - grid.north) * grid.scale) * grid.width + Math.floor((x - grid.west) * grid.scale);
      if (grid.owner[bin] === cluster.number) { found.push(row); }
    }
    return found;
  };

  function openGrid(window, scale, kinds) {
    var perWorld = scale / BIN; // bins a world; edges on whole bins, so that panning moves no bin
    var left = Math.floor(window[0] * perWorld), top = Math.floor(window[1] * perWorld);
    var width = Math.ceil(window[2] * perWorld) - left + 1, height = Math.ceil(window[3] * perWorld) - top + 1;
    var size = width * height;
    return {
      west: left / perWorld, north: top / perWorld, east: (left + width) / perWorld, south: (top + height) / perWorld,
      scale: perWorld, width: width, height: height, kinds: kinds,
      count: new Int32Array(size), x: new Float64Array(size), y: new Float64Array(size), row: new Int32Array(size),
      types: new Int32Array(size * kinds), low: new Float64Array(size), owner: new Int32Array(size).fill(-1)
    };
  }

  function merge(grid, reach) {
    var full = [], clusters = [];
    for (var bin = 0; bin < grid.count.length; bin += 1) { if (grid.count[bin]) { full.push(bin); } }
    full.sort(function (a, b) { return grid.count[b] - grid.count[a] || a - b; });
    full.forEach(function (seed) {
      if (grid.owner[seed] < 0) { clusters.push(gather(grid, seed, reach, clusters.length)); }
    });
    clusters.grid = grid;
    return clusters;
  }

  function gather(grid, seed, reach, number) {
    var cx = grid.x[seed] / grid.count[seed], cy = grid.y[seed] / grid.count[seed], span = Math.ceil(reach);
    var column = seed % grid.width, line = (seed - column) / grid.width, limit = reach * reach;
    var cluster = { number: number, x: 0, y: 0, count: 0, row: grid.row[seed], types: new Int32Array(grid.kinds), low: 0 };
    for (var j = Math.max(0, line - span); j <= Math.min(grid.height - 1, line + span); j += 1) {
      for (var i = Math.max(0, column - span); i <= Math.min(grid.width - 1, column + span); i += 1) {
        var bin = j * grid.width + i, n = grid.count[bin];
        if (!n || grid.owner[bin] >= 0) { continue; }
        var dx = (grid.x[bin] / n - cx) * grid.scale, dy = (grid.y[bin] / n - cy) * grid.scale;
        if (bin !== seed && dx * dx + dy * dy > limit) { continue; }
        grid.owner[bin] = number;
        cluster.count += n;
        cluster.x += grid.x[bin];
        cluster.y += grid.y[bin];
        cluster.low += grid.low[bin];
        for (var t = 0; t < grid.kinds; t += 1) { cluster.types[t] += grid.types[bin * grid.kinds + t]; }
      }
    }
    cluster.x /= cluster.count;
    cluster.y /= cluster.count;
    return cluster;
  }
})(window.SahelMap = window.SahelMap || {});
