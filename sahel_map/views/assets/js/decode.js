// How do compressed columns become typed arrays? The format is described in views/columns.py.
(function (SM) {
  'use strict';

  // base64 gzip -> Promise of bytes; the browser's own inflate where it has one, fflate elsewhere
  SM.inflate = function (base64) {
    var bytes = fromBase64(base64);
    if (typeof DecompressionStream === 'function' && typeof Response === 'function') {
      var stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'));
      return new Response(stream).arrayBuffer().then(function (buffer) { return new Uint8Array(buffer); });
    }
    return Promise.resolve(SM.fflate.gunzipSync(bytes));
  };

  SM.inflateJson = function (base64) {
    return SM.inflate(base64).then(function (bytes) { return JSON.parse(new TextDecoder('utf-8').decode(bytes)); });
  };

  // bytes -> {header, column(name)}; a column is {values, distinct?}
  SM.unpack = function (bytes) {
    var view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    var length = view.getUint32(0, true);
    var header = JSON.parse(new TextDecoder('utf-8').decode(bytes.subarray(4, 4 + length)));
    var blocks = bytes.subarray(4 + length), entries = {}, ready = {};
    header.columns.forEach(function (entry) { entries[entry.name] = entry; });
    return {
      header: header,
      has: function (name) { return entries.hasOwnProperty(name); },
      column: function (name) {
        if (!ready[name] && entries.hasOwnProperty(name)) {
          ready[name] = entries[name].numbered ? numbered(name, this, header.count) : unpackColumn(entries[name], blocks, header.count);
        }
        return ready[name];
      }
    };
  };

  function unpackColumn(entry, blocks, count) {
    var values;
    if (entry.constant !== undefined) { return { values: new Int32Array(count).fill(entry.constant) }; }
    if (entry.bytes === 1) { values = blocks.subarray(entry.offset, entry.offset + count); }
    else { values = planes(blocks, entry.offset, entry.bytes, count, entry.distinct); }
    if (entry.step > 1) { stretch(values, entry.step); }
    return { values: values, distinct: entry.distinct };
  }

  // identifiers of prefix and number: one text at a time until all are asked for
  function numbered(name, data, count) {
    var prefix = data.column(name + '.prefix'), steps = data.column(name + '.number').values, width = data.column(name + '.width').values;
    var values = new Int32Array(count), numbers = new Int32Array(count), all = null;
    for (var row = 0; row < count; row += 1) {
      values[row] = row;
      numbers[row] = steps[row] + (row ? numbers[row - 1] : 0);
    }
    function at(code) {
      return prefix.distinct[prefix.values[code]] + String(numbers[code]).padStart(width[code], '0');
    }
    return { values: values, at: at, get distinct() { all = all || Array.from(values, at); return all; } };
  }

  function stretch(values, step) {
    for (var row = 0; row < values.length; row += 1) { if (values[row] !== SM.MISSING) { values[row] *= step; } }
  }

  function planes(blocks, offset, width, count, distinct) {
    var values = width === 2 ? new Uint16Array(count) : distinct ? new Uint32Array(count) : new Int32Array(count);
    for (var plane = 0; plane < width; plane += 1) {
      var start = offset + plane * count, shift = 8 * plane;
      for (var row = 0; row < count; row += 1) { values[row] |= blocks[start + row] << shift; }
    }
    return values;
  }

  function fromBase64(text) {
    var binary = atob(text), bytes = new Uint8Array(binary.length);
    for (var i = 0; i < binary.length; i += 1) { bytes[i] = binary.charCodeAt(i); }
    return bytes;
  }

  // flat differences in 1e-4 degrees -> Float64Array of world x, y in 0..1 (Web Mercator)
  SM.unfold = function (differences) {
    var world = new Float64Array(differences.length), lon = 0, lat = 0;
    for (var i = 0; i < differences.length; i += 2) {
      lon += differences[i];
      lat += differences[i + 1];
      world[i] = SM.worldX(lon / 1e4);
      world[i + 1] = SM.worldY(lat / 1e4);
    }
    return world;
  };

  SM.worldX = function (lon) { return lon / 360 + 0.5; };
  SM.worldY = function (lat) {
    var sine = Math.sin(Math.max(-85.0511, Math.min(85.0511, lat)) * Math.PI / 180);
    return 0.5 - Math.log((1 + sine) / (1 - sine)) / (4 * Math.PI);
  };
  SM.lonOf = function (x) { return (x - 0.5) * 360; };
  SM.latOf = function (y) { return 360 * Math.atan(Math.exp((0.5 - y) * 2 * Math.PI)) / Math.PI - 90; };
  SM.latLng = function (lon, lat) { return L.latLng(lat, lon); }; // Leaflet wants latitude first: turned round here only
})(window.SahelMap = window.SahelMap || {});
