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
      ['total_incidents', total.incidents], ['total_silent', total.silent], ['total_disputed', total.disputed]
    ].map(function (pair) { return SM.el('div', {}, [SM.el('dt', {}, SM.t(pair[0])), SM.el('dd', {}, SM.number(pair[1]))]); })));
    this.node.appendChild(this.byStatus());
    this.node.appendChild(this.sharedFigures());
    [['by_month', this.months()], ['by_region', this.texts(['admin1'])], ['by_type', this.texts(['event_type'], 'event_type')], ['by_actor', this.texts(['actor1', 'actor2'], 'actor')]]
      .forEach(function (part) { if (part[1].length) { self.node.appendChild(chart(part[0], part[1])); } });
  };

  // how many incidents of the news, and of these how many are disputed or have no figure of their own; no sum of deaths
  summary.total = function () {
    var total = { incidents: 0, silent: 0, disputed: 0 }, store = this.store;
    this.eachOfNews(function (row) {
      total.incidents += 1;
      if (store.isSilent(row)) { total.silent += 1; }
      if (store.flag('disputed', row)) { total.disputed += 1; }
    });
    return total;
  };

  summary.eachOfNews = function (f) {
    for (var i = 0; i < this.filter.shown; i += 1) {
      var row = this.filter.rows[i];
      if (!this.store.flag('background', row)) { f(row); }
    }
  };

  // claims, reports and confirmed counts are not alike: each has its own sum
  summary.byStatus = function () {
    var store = this.store, sums = SM.style.outlines.map(function () { return empty(); });
    this.eachOfNews(function (row) { add(sums[store.outline[row]], store, row, true); });
    return SM.el('section', {}, [
      SM.el('h3', {}, SM.t('by_status')),
      SM.el('table', { 'class': 'sm-statuses' }, [
        SM.el('caption', { 'class': 'sm-hidden' }, SM.t('by_status')),
        SM.el('thead', {}, SM.el('tr', {}, ['facet_status', 'with_figure', 'total_deaths'].map(function (key) { return SM.el('th', { scope: 'col' }, SM.t(key)); }))),
        SM.el('tbody', {}, sums.map(function (sum, i) {
          return SM.el('tr', {}, [SM.el('th', { scope: 'row' }, SM.say('status_sum', SM.style.outlines[i].status)), SM.el('td', {}, SM.number(sum.told)),
            SM.el('td', {}, sum.told ? SM.sayToll(sum.deaths, sum.open ? null : sum.high) : '\u2013')]);
        }))
      ]),
      SM.el('p', { 'class': 'sm-quiet' }, SM.t('total_note'))
    ]);
  };

  // each figure that several incidents share, once, in no one's sum
  summary.sharedFigures = function () {
    var store = this.store, mask = this.filter.mask;
    var found = store.shared.filter(function (figure) {
      return figure.kind === 'killed' && figure.rows.some(function (row) { return mask[row] && !store.flag('background', row); });
    });
    return found.length ? SM.el('section', { 'class': 'sm-shared' }, [SM.el('h3', {}, SM.t('shared_figures')), SM.el('ul', {}, found.map(function (figure) {
      return SM.el('li', {}, SM.sayFigure(figure) + (figure.who ? ' ' + SM.say('victims', figure.who) : '') + ' \u2013 ' +
        figure.rows.map(function (row) { return store.title(row) + ', ' + store.span(row); }).join('; '));
    }))]) : SM.el('span', {});
  };

  summary.months = function () {
    var store = this.store, sums = new Map();
    this.eachOfNews(function (row) {
      var day = store.first[row];
      if (SM.plausibleDay(day)) { add(of(sums, SM.isoDay(day).slice(0, 7)), store, row, true); }
    });
    var found = Array.from(sums.values()).sort(function (a, b) { return a.key < b.key ? 1 : -1; });
    found.forEach(function (sum) { sum.name = SM.sayDay(SM.dayOf(sum.key + '-01'), 'month'); });
    return found.slice(0, 24);
  };

  // an incident with the same value in two columns counts once; its deaths only under the first column (the actor that struck)
  summary.texts = function (names, family) {
    var store = this.store, sums = new Map();
    var columns = names.filter(function (name) { return store.data.has(name); }).map(function (name) { return store.data.column(name); })
      .filter(function (column) { return column.distinct; });
    if (!columns.length) { return []; }
    var parts = columns.map(function (column) { return column.distinct.map(function (cell) { return names.length > 1 ? cell.split('; ') : [cell]; }); });
    this.eachOfNews(function (row) {
      var first = parts[0][columns[0].values[row]];
      first.forEach(function (key) { if (key) { add(of(sums, key), store, row, true); } });
      if (columns[1]) { parts[1][columns[1].values[row]].forEach(function (key) { if (key && first.indexOf(key) < 0) { add(of(sums, key), store, row, false); } }); }
    });
    return Array.from(sums.values()).sort(function (a, b) { return b.count - a.count; }).slice(0, LISTED).map(function (sum) {
      return Object.assign(sum, { name: family ? SM.say(family, sum.key) : sum.key });
    });
  };

  // count: incidents; told: those with a figure of their own, of which deaths (lowest), high, claimed (lowest, claims only)
  function empty() { return { count: 0, told: 0, deaths: 0, high: 0, claimed: 0, open: false }; }

  function of(sums, key) {
    if (!sums.has(key)) { sums.set(key, Object.assign(empty(), { key: key })); }
    return sums.get(key);
  }

  function add(sum, store, row, deaths) {
    sum.count += 1;
    if (!deaths || store.isSilent(row)) { return; }
    var low = Math.max(0, store.low[row]);
    sum.told += 1;
    sum.deaths += low;
    sum.high += Math.max(low, store.high[row]);
    sum.open = sum.open || store.high[row] === SM.MISSING;
    if (SM.style.outlines[store.outline[row]].status === 'claimed') { sum.claimed += low; }
  }

  function chart(title, sums) {
    var actors = title === 'by_actor';
    var count = Math.max.apply(null, sums.map(function (sum) { return sum.count; })), deaths = Math.max.apply(null, sums.map(function (sum) { return sum.deaths; }).concat(1));
    return SM.el('section', { 'class': 'sm-' + title }, [
      SM.el('h3', {}, SM.t(title)),
      SM.el('table', {}, [
        SM.el('caption', { 'class': 'sm-hidden' }, SM.t(title)),
        SM.el('thead', {}, SM.el('tr', {}, [SM.el('th', { scope: 'col' }, SM.el('span', { 'class': 'sm-hidden' }, SM.t(title))), SM.el('th', { scope: 'col' }, SM.t('incidents')), SM.el('th', { scope: 'col' }, SM.t(actors ? 'deaths_by_actor' : 'deaths_at_least'))])),
        SM.el('tbody', {}, sums.map(function (sum) {
          return SM.el('tr', {}, [SM.el('th', { scope: 'row' }, sum.name), SM.el('td', {}, bar(sum.count, count, 'sm-bar-count')), SM.el('td', {}, deathsOf(sum, deaths))]);
        }))
      ]),
      actors ? SM.el('p', { 'class': 'sm-quiet' }, SM.t('by_actor_note')) : null
    ]);
  }

  // no figure is not nought
  function deathsOf(sum, top) {
    if (!sum.told) { return '\u2013'; }
    return [bar(sum.deaths, top, 'sm-bar-deaths'), sum.claimed ? SM.el('span', { 'class': 'sm-quiet sm-claimed' }, SM.t('of_which_claimed', { n: SM.number(sum.claimed) })) : null];
  }

  function bar(value, top, look) {
    var line = SM.el('span', { 'class': 'sm-line ' + look, 'aria-hidden': 'true' });
    line.style.width = Math.round(58 * value / top) + '%';
    return [line, SM.el('span', {}, SM.number(value))];
  }
})(window.SahelMap = window.SahelMap || {});
