// How many, and how deadly, by month, region, type and actor? Bars that follow the filters.
(function (SM) {
  'use strict';
  var LISTED = 15;

  SM.Summary = function (store, filter) {
    this.store = store;
    this.filter = filter;
    this.node = SM.el('div', { 'class': 'sm-summary' });
  };
  var summary = SM.Summary.prototype;

  summary.update = function () {
    var self = this, total = this.total();
    SM.clear(this.node);
    this.node.appendChild(SM.el('dl', { 'class': 'sm-totals' }, [
      ['total_incidents', SM.number(this.filter.shown - total.background)], ['total_deaths', SM.sayToll(total.low, total.open ? null : total.high)],
      ['total_silent', SM.number(total.silent)], ['total_disputed', SM.number(total.disputed)]
    ].map(function (pair) { return SM.el('div', {}, [SM.el('dt', {}, SM.t(pair[0])), SM.el('dd', {}, pair[1])]); })));
    this.node.appendChild(SM.el('p', { 'class': 'sm-quiet' }, SM.t('total_note')));
    [['by_month', this.months()], ['by_region', this.texts(['admin1'])], ['by_type', this.texts(['event_type'], 'event_type')], ['by_actor', this.texts(['actor1', 'actor2'])]]
      .forEach(function (part) { if (part[1].length) { self.node.appendChild(chart(part[0], part[1])); } });
  };

  // sums of the lowest and highest figures of the news; open: some figure has no top. Background adds nothing
  summary.total = function () {
    var total = { low: 0, high: 0, open: false, silent: 0, disputed: 0, background: 0 }, store = this.store;
    for (var i = 0; i < this.filter.shown; i += 1) {
      var row = this.filter.rows[i], low = store.low[row], high = store.high[row];
      if (store.flag('background', row)) { total.background += 1; continue; }
      if (low === SM.MISSING && high === SM.MISSING) { total.silent += 1; } else {
        total.low += low === SM.MISSING ? 0 : low;
        total.high += high === SM.MISSING ? 0 : high;
        total.open = total.open || high === SM.MISSING;
      }
      if (store.flag('disputed', row)) { total.disputed += 1; }
    }
    return total;
  };

  summary.months = function () {
    var store = this.store, sums = new Map();
    for (var i = 0; i < this.filter.shown; i += 1) {
      var row = this.filter.rows[i], day = store.first[row];
      if (!SM.plausibleDay(day) || store.flag('background', row)) { continue; }
      add(sums, SM.isoDay(day).slice(0, 7), Math.max(0, store.low[row]));
    }
    var found = Array.from(sums.values()).sort(function (a, b) { return a.key < b.key ? 1 : -1; });
    found.forEach(function (sum) { sum.name = SM.sayDay(SM.dayOf(sum.key + '-01'), 'month'); });
    return found.slice(0, 24);
  };

  // an incident with the same value in two columns counts once
  summary.texts = function (names, family) {
    var self = this, store = this.store, sums = new Map();
    var columns = names.filter(function (name) { return store.data.has(name); }).map(function (name) { return store.data.column(name); })
      .filter(function (column) { return column.distinct; });
    if (!columns.length) { return []; }
    var parts = columns.map(function (column) { return column.distinct.map(function (cell) { return names.length > 1 ? cell.split('; ') : [cell]; }); });
    for (var i = 0; i < self.filter.shown; i += 1) {
      var row = self.filter.rows[i], deaths = Math.max(0, store.low[row]), first = parts[0][columns[0].values[row]];
      if (store.flag('background', row)) { continue; }
      first.forEach(function (key) { if (key) { add(sums, key, deaths); } });
      if (columns[1]) { parts[1][columns[1].values[row]].forEach(function (key) { if (key && first.indexOf(key) < 0) { add(sums, key, deaths); } }); }
    }
    return Array.from(sums.values()).sort(function (a, b) { return b.count - a.count; }).slice(0, LISTED).map(function (sum) {
      return Object.assign(sum, { name: family ? SM.say(family, sum.key) : sum.key });
    });
  };

  function add(sums, key, deaths) {
    var sum = sums.get(key);
    if (!sum) { sum = { key: key, count: 0, deaths: 0 }; sums.set(key, sum); }
    sum.count += 1;
    sum.deaths += deaths;
  }

  function chart(title, sums) {
    var count = Math.max.apply(null, sums.map(function (sum) { return sum.count; })), deaths = Math.max.apply(null, sums.map(function (sum) { return sum.deaths; }).concat(1));
    return SM.el('section', {}, [
      SM.el('h3', {}, SM.t(title)),
      SM.el('table', {}, [
        SM.el('caption', { 'class': 'sm-hidden' }, SM.t(title)),
        SM.el('thead', {}, SM.el('tr', {}, [SM.el('th', { scope: 'col' }, SM.el('span', { 'class': 'sm-hidden' }, SM.t(title))), SM.el('th', { scope: 'col' }, SM.t('incidents')), SM.el('th', { scope: 'col' }, SM.t('deaths_at_least'))])),
        SM.el('tbody', {}, sums.map(function (sum) {
          return SM.el('tr', {}, [SM.el('th', { scope: 'row' }, sum.name), bar(sum.count, count, 'sm-bar-count'), bar(sum.deaths, deaths, 'sm-bar-deaths')]);
        }))
      ])
    ]);
  }

  function bar(value, top, look) {
    var line = SM.el('span', { 'class': 'sm-line ' + look, 'aria-hidden': 'true' });
    line.style.width = Math.round(58 * value / top) + '%';
    return SM.el('td', {}, [line, SM.el('span', {}, SM.number(value))]);
  }
})(window.SahelMap = window.SahelMap || {});
