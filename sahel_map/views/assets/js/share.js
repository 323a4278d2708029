// How does a view leave the page? As an address, as a file, on paper.
(function (SM) {
  'use strict';
  var COLUMNS = ['incident_id', 'event_date', 'date_from', 'date_to', 'time_precision', 'event_type', 'sub_event_type', 'actor1', 'actor2',
    'country', 'admin1', 'admin2', 'adm1_pcode', 'location', 'latitude', 'longitude', 'geo_precision', 'fatalities_low', 'fatalities_high',
    'disputed', 'background', 'sources', 'report_ids', 'notes', 'kind', 'uncertainty_km', 'status'];
  var DAYS = ['event_date', 'date_from', 'date_to'], FLAGS = ['disputed', 'background'];

  // the view as a string for the address: only what differs from the beginning
  SM.writeState = function (state) {
    return Object.keys(state).filter(function (key) { return state[key] !== '' && state[key] !== null && state[key] !== undefined; })
      .map(function (key) { return encodeURIComponent(key) + '=' + encodeURIComponent(state[key]); }).join('&');
  };

  SM.readState = function (fragment) {
    var state = {};
    String(fragment).replace(/^#/, '').split('&').forEach(function (pair) {
      var cut = pair.indexOf('=');
      if (cut < 1) { return; }
      try { state[decodeURIComponent(pair.slice(0, cut))] = decodeURIComponent(pair.slice(cut + 1)); } catch (error) { /* a damaged address says nothing */ }
    });
    return state;
  };

  // Promise of the shown incidents as RFC 7946 text
  SM.asGeoJson = function (store, filter) {
    return eachRow(store, filter, function (row, details) {
      var record = recordOf(store, row, details);
      delete record.latitude;
      delete record.longitude;
      return JSON.stringify({ type: 'Feature', geometry: geometryOf(store, row), properties: record });
    }).then(function (features) { return '{"type":"FeatureCollection","features":[\n' + features.join(',\n') + '\n]}\n'; });
  };

  // Promise of the shown incidents as CSV, a cell that a spreadsheet would run defused by an apostrophe
  SM.asCsv = function (store, filter) {
    return eachRow(store, filter, function (row, details) {
      var record = recordOf(store, row, details);
      return COLUMNS.map(function (name) { return cell(record[name]); }).join(',');
    }).then(function (lines) { return '\ufeff' + COLUMNS.join(',') + '\r\n' + lines.join('\r\n') + '\r\n'; });
  };

  SM.save = function (text, name, type) {
    var address = URL.createObjectURL(new Blob([text], { type: type })), link = SM.el('a', { download: name });
    link.href = address;
    document.body.appendChild(link);
    link.click();
    link.remove();
    setTimeout(function () { URL.revokeObjectURL(address); }, 10000);
  };

  function eachRow(store, filter, write) {
    var rows = Array.from(filter.rows.subarray(0, filter.shown)), written = [];
    function next(i) {
      if (i >= rows.length) { return Promise.resolve(written); }
      return store.details(rows[i]).then(function (details) {
        var end = Math.min(rows.length, store.chunkStarts.length ? i + 1 : i + 5000);
        for (var k = i; k < end; k += 1) { written.push(write(rows[k], details)); }
        return next(end);
      });
    }
    return next(0);
  }

  function recordOf(store, row, details) {
    var record = {};
    COLUMNS.forEach(function (name) {
      if (name === 'latitude' || name === 'longitude') { record[name] = isNaN(store.lon(row)) ? null : name === 'latitude' ? store.lat(row) : store.lon(row); return; }
      if (name === 'notes') { record[name] = details.notes || ''; return; }
      if (FLAGS.indexOf(name) >= 0) { record[name] = store.flag(name, row); return; }
      var value = store.number(name, row), column = store.data.has(name) ? store.data.column(name) : null;
      if (column && column.distinct) { record[name] = store.text(name, row); return; }
      record[name] = value === SM.MISSING ? null : DAYS.indexOf(name) >= 0 ? SM.isoDay(value) : value;
    });
    return record;
  }

  function geometryOf(store, row) {
    if (isNaN(store.x[row])) { return null; }
    if (store.shape[row] < 0) { return { type: 'Point', coordinates: [store.lon(row), store.lat(row)] }; }
    var shape = store.shapes[store.shape[row]], parts = shape.parts.map(positions);
    if (!shape.closed) { return parts.length === 1 ? { type: 'LineString', coordinates: parts[0] } : { type: 'MultiLineString', coordinates: parts }; }
    return { type: 'MultiPolygon', coordinates: polygons(parts) };
  }

  function positions(part) {
    var found = [];
    for (var i = 0; i < part.length; i += 2) { found.push([round(SM.lonOf(part[i])), round(SM.latOf(part[i + 1]))]); }
    return found;
  }

  // rings as polygons: shapely writes shells counter-clockwise or clockwise, so turn each; a ring inside the last shell is a hole
  function polygons(rings) {
    var found = [];
    rings.forEach(function (ring) {
      var last = found[found.length - 1], hole = last && insideRing(last[0], ring[0]);
      if ((area(ring) > 0) === Boolean(hole)) { ring.reverse(); }
      if (hole) { last.push(ring); } else { found.push([ring]); }
    });
    return found;
  }

  function area(ring) {
    var twice = 0;
    for (var i = 0; i + 1 < ring.length; i += 1) { twice += ring[i][0] * ring[i + 1][1] - ring[i + 1][0] * ring[i][1]; }
    return twice;
  }

  function insideRing(ring, point) {
    var inside = false;
    for (var i = 0, j = ring.length - 1; i < ring.length; j = i, i += 1) {
      if ((ring[i][1] > point[1]) !== (ring[j][1] > point[1]) &&
          point[0] < (ring[j][0] - ring[i][0]) * (point[1] - ring[i][1]) / (ring[j][1] - ring[i][1]) + ring[i][0]) { inside = !inside; }
    }
    return inside;
  }

  function round(value) { return Math.round(value * 1e4) / 1e4; }

  function cell(value) {
    if (value === null || value === undefined) { return ''; }
    var text = String(value);
    if (typeof value === 'string' && /^[=+\-@\t\r]/.test(text)) { text = "'" + text; }
    return /[",\r\n]/.test(text) ? '"' + text.replace(/"/g, '""') + '"' : text;
  }
})(window.SahelMap = window.SahelMap || {});
