// Which incidents are these, in words? The table beside the map, in step with it and its equal for those who cannot see it.
(function (SM) {
  'use strict';
  var PAGE = 50; // rows; the table's size may be changed for paper
  var COLUMNS = [
    { key: 'date', sort: 'first' }, { key: 'where', sort: 'location' }, { key: 'who', sort: 'actor1' }, { key: 'deaths', sort: 'low' }
  ];

  // hub 'open' {row} when a row is chosen, 'hover' row when one is pointed at
  SM.Table = function (store, filter, hub) {
    this.store = store;
    this.filter = filter;
    this.hub = hub;
    this.sorting = 'first';
    this.down = true;
    this.page = 0;
    this.size = PAGE;
    this.orders = {};
    this.chosen = -1;
    this.node = SM.el('div', { 'class': 'sm-table' });
    this.build();
  };
  var table = SM.Table.prototype;

  table.build = function () {
    var self = this;
    SM.clear(this.node);
    this.heads = COLUMNS.map(function (column) {
      return SM.el('th', { scope: 'col', 'class': 'sm-col-' + column.key }, SM.button(SM.t('col_' + column.key), function () { self.sort(column.sort); }));
    });
    this.body = SM.el('tbody', {});
    this.unplaced = SM.el('div', { 'class': 'sm-unplaced' });
    this.pager = SM.el('nav', { 'class': 'sm-pager', 'aria-label': SM.t('pages') });
    this.node.appendChild(this.unplaced);
    this.node.appendChild(SM.el('table', {}, [
      SM.el('caption', { 'class': 'sm-hidden' }, SM.t('table_caption')), SM.el('thead', {}, SM.el('tr', {}, this.heads)), this.body
    ]));
    this.node.appendChild(this.pager);
  };

  table.sort = function (key) {
    this.down = this.sorting === key ? !this.down : key === 'first' || key === 'low';
    this.sorting = key;
    this.page = 0;
    this.update();
  };

  // every row in the order of one column; made once, then only sifted
  table.order = function (key) {
    if (!this.orders[key]) {
      var ranks = ranksOf(this.store, key), order = new Int32Array(this.store.count);
      for (var row = 0; row < order.length; row += 1) { order[row] = row; }
      this.orders[key] = key === 'first' ? order : order.sort(function (a, b) { return ranks[a] - ranks[b] || a - b; });
    }
    return this.orders[key];
  };

  // the rows of the page shown
  table.slice = function () {
    var mask = this.filter.mask, rows = [], size = this.size, skip = this.page * size;
    this.walk(function (row) {
      if (mask[row]) { if (skip > 0) { skip -= 1; } else { rows.push(row); } }
      return rows.length < size;
    });
    return rows;
  };

  // all rows in the order shown, while f says true; those without a date or toll always last
  table.walk = function (f) {
    var order = this.order(this.sorting), values = this.sorting === 'first' || this.sorting === 'low' ? this.store[this.sorting] : null, count = order.length, i, row;
    for (i = 0; i < count; i += 1) {
      row = order[this.down ? count - 1 - i : i];
      if (!(values && values[row] === SM.MISSING) && !f(row)) { return; }
    }
    for (i = 0; values && i < count; i += 1) {
      if (values[order[i]] === SM.MISSING && !f(order[i])) { return; }
    }
  };

  table.update = function () {
    var self = this, pages = Math.max(1, Math.ceil(this.filter.shown / this.size));
    this.page = Math.min(this.page, pages - 1);
    SM.clear(this.body);
    this.slice().forEach(function (row) { self.body.appendChild(self.line(row)); });
    if (!this.filter.shown) { this.body.appendChild(SM.el('tr', {}, SM.el('td', { colspan: COLUMNS.length, 'class': 'sm-nothing' }, SM.t('nothing_shown')))); }
    COLUMNS.forEach(function (column, i) {
      self.heads[i].setAttribute('aria-sort', self.sorting !== column.sort ? 'none' : self.down ? 'descending' : 'ascending');
    });
    this.updatePager(pages);
    this.updateUnplaced();
  };

  table.line = function (row) {
    var self = this, store = this.store, chosen = row === this.chosen;
    var actors = [store.text('actor1', row), store.text('actor2', row)].filter(Boolean).map(function (cell) { return SM.sayActors(cell, true); }).join(' \u2013 ');
    return SM.el('tr', {
      'data-row': row, 'class': chosen ? 'sm-chosen' : null, 'aria-selected': null,
      onmouseenter: function () { self.hub.tell('hover', row); }, onmouseleave: function () { self.hub.tell('hover', -1); },
      onclick: function () { self.hub.tell('open', { row: row, from: 'table' }); }
    }, [
      SM.el('td', { 'class': 'sm-col-date' }, store.span(row)),
      SM.el('td', { 'class': 'sm-col-where' }, [
        SM.el('div', { 'class': 'sm-place' }, [SM.typePicture(store.type[row]), SM.el('button', { type: 'button', onfocus: function () { self.hub.tell('hover', row); } }, store.title(row))]),
        SM.el('span', { 'class': 'sm-quiet' }, [store.where(row), badge(store, row)])
      ]),
      SM.el('td', { 'class': 'sm-col-who' }, [actors, SM.el('span', { 'class': 'sm-quiet' }, (SM.say('sub_event_type', store.text('sub_event_type', row)) || SM.say('event_type', store.text('event_type', row))).replace(/\//g, '/\u200b'))]),
      SM.el('td', { 'class': 'sm-col-deaths' }, [store.isSilent(row) && !store.sharedOf(row, 'killed').length ? '\u2013' : store.toll(row),
        store.flag('disputed', row) ? SM.el('span', { 'class': 'sm-quiet' }, SM.t('disputed_mark')) : null])
    ]);
  };

  table.updatePager = function (pages) {
    var self = this;
    SM.clear(this.pager);
    if (pages < 2) { return; }
    var turn = function (by) { return function () { self.page += by; self.update(); self.node.scrollIntoView && self.node.parentNode.scrollTo && (self.node.parentNode.scrollTop = 0); }; };
    this.pager.appendChild(SM.button(SM.t('previous'), turn(-1), { disabled: this.page === 0, 'class': 'sm-small' }));
    this.pager.appendChild(SM.el('span', {}, SM.t('page_of', { n: SM.number(this.page + 1), all: SM.number(pages) })));
    this.pager.appendChild(SM.button(SM.t('next'), turn(1), { disabled: this.page >= pages - 1, 'class': 'sm-small' }));
  };

  // those without a place on the map: known by country only, or not at all
  table.updateUnplaced = function () {
    var self = this, store = this.store, found = { country: [], none: [] };
    for (var i = 0; i < this.filter.shown; i += 1) {
      var row = this.filter.rows[i], kind = store.kind[row];
      if (kind === 5) { found.country.push(row); } else if (kind === 6) { found.none.push(row); }
    }
    this.unplacedCount = found.country.length + found.none.length;
    SM.clear(this.unplaced);
    ['country', 'none'].forEach(function (kind) {
      if (!found[kind].length) { return; }
      self.unplaced.appendChild(SM.el('details', {}, [
        SM.el('summary', {}, SM.t('unplaced_' + kind, { n: SM.number(found[kind].length) })),
        SM.el('ul', { 'class': 'sm-choices' }, found[kind].slice(-PAGE).reverse().map(function (row) {
          return SM.el('li', {}, SM.el('button', { type: 'button', onclick: function () { self.hub.tell('open', { row: row, from: 'table' }); } }, [
            SM.typePicture(store.type[row]), SM.el('span', {}, [SM.el('b', {}, store.title(row)), ' ', store.span(row)]), SM.el('span', { 'class': 'sm-count' }, store.toll(row))
          ]));
        })),
        found[kind].length > PAGE ? SM.el('p', { 'class': 'sm-quiet' }, SM.t('and_more', { n: SM.number(found[kind].length - PAGE) })) : null
      ]));
    });
  };

  // turns to the page that holds the row and marks it
  table.choose = function (row) {
    this.chosen = row;
    if (row >= 0 && this.filter.mask[row]) {
      var before = 0, mask = this.filter.mask;
      this.walk(function (other) {
        if (other !== row) { before += mask[other]; }
        return other !== row;
      });
      this.page = Math.floor(before / this.size);
    }
    this.update();
  };

  table.hover = function (row) {
    Array.prototype.forEach.call(this.body.children, function (line) { line.classList.toggle('sm-hover', line.getAttribute('data-row') === String(row)); });
  };

  function badge(store, row) {
    var kind = store.kindName(row);
    return kind === 'place' ? '' : SM.el('em', { 'class': 'sm-badge' }, SM.say('kind', kind));
  }

  // numbers whose order is the order of the column; missing ones lowest
  function ranksOf(store, key) {
    if (key === 'first' || key === 'low') { return store[key]; }
    var column = store.data.has(key) ? store.data.column(key) : null, ranks = new Int32Array(store.count);
    if (!column || !column.distinct) { return ranks; }
    var sorted = column.distinct.map(function (text, code) { return code; }).sort(function (a, b) { return column.distinct[a].localeCompare(column.distinct[b]); });
    var rank = new Int32Array(sorted.length);
    sorted.forEach(function (code, i) { rank[code] = i; });
    for (var row = 0; row < ranks.length; row += 1) { ranks[row] = rank[column.values[row]]; }
    return ranks;
  }
})(window.SahelMap = window.SahelMap || {});
