// Which incidents are shown? Facets, text and days, answered for a million rows between two frames.
(function (SM) {
  'use strict';
  // split: several values in one cell, "; " between them; family: how values are said (words.js)
  SM.FACETS = [
    { key: 'country', columns: ['country'], family: 'country' },
    { key: 'admin1', columns: ['admin1'] },
    { key: 'event_type', columns: ['event_type'], family: 'event_type' },
    { key: 'actor', columns: ['actor1', 'actor2'], split: true, family: 'actor' },
    { key: 'victims', columns: ['victim_groups'], split: true, family: 'victims' },
    { key: 'status', columns: ['status'], family: 'status' },
    { key: 'kind', columns: ['@kind'], family: 'kind' },
    { key: 'source', columns: ['sources'], split: true },
    { key: 'disputed', columns: ['@disputed'], family: 'disputed' },
    { key: 'background', columns: ['@background'], family: 'background' }
  ];
  var SEARCHED = ['incident_id', 'location', 'admin1', 'admin2', 'actor1', 'actor2', 'sub_event_type', 'sources', 'admin1_today'];

  SM.Filter = function (store) {
    var self = this;
    this.store = store;
    this.facets = SM.FACETS.map(function (facet) { return openFacet(store, facet); })
      .filter(function (facet) { return facet.values.length > 1 && isMixed(facet); });
    this.fails = new Uint8Array(store.count);
    this.onlyFail = new Uint8Array(store.count);
    this.textHit = null;
    this.text = '';
    this.from = this.to = null;
    this.mask = new Uint8Array(store.count);
    this.rows = new Int32Array(store.count);
    this.shown = 0;
    this.facet = function (key) { return self.facets.filter(function (facet) { return facet.key === key; })[0]; };
    this.hideBackground();
    this.judge();
  };
  var filter = SM.Filter.prototype;

  // the page opens with the news; what reports recall as background is shown by choice
  filter.hideBackground = function () {
    var facet = this.facet('background');
    if (facet) { facet.chosen.clear(); facet.chosen.add(facet.values.indexOf('no')); }
  };

  filter.isAtRest = function (facet) {
    return facet.key === 'background' ? facet.chosen.size === 1 && facet.chosen.has(facet.values.indexOf('no')) : facet.chosen.size === 0;
  };

  // how many incidents are hidden as background
  filter.hiddenBackground = function () {
    var facet = this.facet('background'), hidden = 0;
    if (!facet || !this.isAtRest(facet)) { return 0; }
    for (var row = 0; row < this.store.count; row += 1) { if (this.store.flag('background', row)) { hidden += 1; } }
    return hidden;
  };

  // after facets or text changed: how many tests each row fails, then the days
  filter.judge = function () {
    var fails = this.fails.fill(0), only = this.onlyFail.fill(0), count = this.store.count;
    this.facets.forEach(function (facet, number) {
      if (!facet.chosen.size) { return; }
      var allowed = facet.columns.map(function (column) { return allow(column.values, facet.chosen); });
      for (var row = 0; row < count; row += 1) {
        var pass = false;
        for (var c = 0; c < allowed.length && !pass; c += 1) { pass = allowed[c][facet.columns[c].codes[row]] === 1; }
        if (!pass) { fails[row] += 1; only[row] = number; }
      }
    });
    if (this.textHit) {
      for (var row = 0; row < count; row += 1) { if (!this.textHit[row]) { fails[row] += 2; } }
    }
    this.judgeDays();
  };

  // after the brush moved: the rows shown, in the table's order
  filter.judgeDays = function () {
    var first = this.store.first, last = this.store.last, fails = this.fails, mask = this.mask, rows = this.rows;
    var all = this.from === null, from = this.from, to = this.to, shown = 0;
    for (var row = 0; row < fails.length; row += 1) {
      var pass = fails[row] === 0 && (all || (last[row] >= from && first[row] <= to && first[row] !== SM.MISSING));
      mask[row] = pass ? 1 : 0;
      if (pass) { rows[shown] = row; shown += 1; }
    }
    this.shown = shown;
  };

  filter.inDays = function (row) {
    var first = this.store.first[row];
    return this.from === null || (first !== SM.MISSING && this.store.last[row] >= this.from && first <= this.to);
  };

  // per facet value: how many would be shown if it were chosen, all other filters kept
  filter.counts = function () {
    var fails = this.fails, only = this.onlyFail, self = this;
    var tallies = this.facets.map(function (facet) { return new Int32Array(facet.values.length); });
    for (var row = 0; row < fails.length; row += 1) {
      if (fails[row] > 1 || !self.inDays(row)) { continue; }
      for (var f = 0; f < self.facets.length; f += 1) {
        if (fails[row] === 0 || only[row] === f) { tally(self.facets[f], tallies[f], row); }
      }
    }
    return tallies;
  };

  // sets the text; places, actors and ids at once, notes when their chunks are open. Promise of this filter
  filter.search = function (text) {
    var self = this, wanted = SM.fold(text.trim());
    this.text = text;
    if (!wanted) { this.textHit = null; this.judge(); return Promise.resolve(this); }
    var hit = searchColumns(this.store, wanted);
    this.textHit = hit;
    this.judge();
    return searchNotes(this.store, wanted, hit).then(function () {
      if (self.textHit === hit) { self.judge(); }
      return self;
    });
  };

  filter.reset = function () {
    this.facets.forEach(function (facet) { facet.chosen.clear(); });
    this.hideBackground();
    this.text = '';
    this.textHit = null;
    this.from = this.to = null;
    this.judge();
  };

  filter.active = function () {
    var self = this;
    return this.text !== '' || this.from !== null || this.facets.some(function (facet) { return !self.isAtRest(facet); });
  };

  function tally(facet, counts, row) {
    var columns = facet.columns;
    for (var c = 0; c < columns.length; c += 1) {
      var values = columns[c].values[columns[c].codes[row]];
      for (var v = 0; v < values.length; v += 1) {
        if (c > 0 && columns[0].values[columns[0].codes[row]].indexOf(values[v]) >= 0) { continue; }
        counts[values[v]] += 1;
      }
    }
  }

  function allow(values, chosen) {
    return Uint8Array.from(values, function (ids) { return ids.some(function (id) { return chosen.has(id); }) ? 1 : 0; });
  }

  function openFacet(store, facet) {
    var known = new Map(), values = [];
    function number(value) {
      if (!known.has(value)) { known.set(value, values.length); values.push(value); }
      return known.get(value);
    }
    var columns = facet.columns.map(function (name) { return coded(store, name); }).filter(Boolean).map(function (column) {
      return {
        codes: column.values,
        values: column.distinct.map(function (cell) {
          var parts = facet.split ? cell.split(/;\s*/) : [cell];
          return parts.filter(function (part) { return part !== ''; }).map(number);
        })
      };
    });
    return Object.assign({}, facet, { columns: columns, values: values, chosen: new Set() });
  }

  // do the rows differ in it at all?
  function isMixed(facet) {
    return facet.columns.length > 1 || facet.columns.some(function (column) {
      for (var row = 1; row < column.codes.length; row += 1) { if (column.codes[row] !== column.codes[0]) { return true; } }
      return false;
    });
  }

  function coded(store, name) {
    if (name === '@kind') { return { values: store.kind, distinct: SM.KINDS }; }
    if (name[0] !== '@') {
      var column = store.data.has(name) ? store.data.column(name) : null;
      return column && column.distinct ? column : null;
    }
    if (!store.data.has(name.slice(1))) { return null; }
    var flags = store.data.column(name.slice(1)).values;
    return { values: Uint8Array.from(flags, function (flag) { return flag === 1 ? 1 : 0; }), distinct: ['no', 'yes'] };
  }

  function searchColumns(store, wanted) {
    var hit = new Uint8Array(store.count);
    SEARCHED.forEach(function (name) {
      var column = store.data.has(name) ? store.data.column(name) : null;
      if (!column || !column.distinct) { return; }
      var matched = column.distinct.map(function (value) { return SM.fold(value + ' ' + (/^actor/.test(name) ? SM.sayActors(value) : '')).indexOf(wanted) >= 0; });
      if (!matched.some(Boolean)) { return; }
      for (var row = 0; row < hit.length; row += 1) { if (matched[column.values[row]]) { hit[row] = 1; } }
    });
    return hit;
  }

  function searchNotes(store, wanted, hit) {
    return store.chunkStarts.reduce(function (before, start, chunk) {
      return before.then(function () { return store.openChunk(chunk); }).then(function (records) {
        records.forEach(function (record, i) {
          var text = [record.notes, record.place_spellings].concat((record.mentions || []).map(function (mention) {
            return mention.sentence + ' ' + mention.place_text;
          })).join(' ');
          if (SM.fold(text).indexOf(wanted) >= 0) { hit[start + i] = 1; }
        });
      });
    }, Promise.resolve());
  }
})(window.SahelMap = window.SahelMap || {});
