// START HERE: mount() decodes what the page carries, joins the parts and keeps them in step.
(function (SM) {
  'use strict';
  var RANGE = { minZoom: 2, minZoomOnGround: 4, maxZoom: 14 };

  // map: a Leaflet map; id: of the data elements; config: title, language, shell, bounds, texts (views/layers/incident_layer.py)
  SM.mount = function (map, id) {
    var config = read(id + '-config'), hub = new SM.Hub();
    SM.style = config.style;
    SM.labels = config.labels;
    SM.prefix = id;
    SM.calm = window.matchMedia && window.matchMedia('(prefers-reduced-motion: reduce)').matches;
    SM.openSurfaces();
    var ready = Promise.all([SM.inflate(text(id + '-columns')), config.ground ? SM.inflateJson(text(id + '-ground')) : {}])
      .then(function (parts) { return new App(map, config, SM.unpack(parts[0]), read(id + '-chunks'), SM.openGround(parts[1]), hub); });
    SM.ready = ready;
    ready.catch(function (error) { // an old or hindered browser: say so instead of a blank page
      document.body.insertBefore(SM.el('p', { role: 'alert', 'class': 'sm-failed' }, SM.t('cannot_open', { why: error })), document.body.firstChild);
      throw error;
    });
    return ready;
  };

  function App(map, config, data, chunks, ground, hub) {
    var asked = config.shell ? SM.readState(location.hash) : {};
    SM.language = asked.lang === 'fr' || asked.lang === 'en' ? asked.lang : config.language;
    this.map = map;
    this.config = config;
    this.hub = hub;
    this.ground = ground;
    this.store = new SM.Store(data, chunks);
    this.filter = new SM.Filter(this.store);
    this.row = -1;
    this.layers = { incidents: true, regions: true, rivers: true, towns: true, liptako: true, choropleth: false, heat: false, tiles: true };
    this.tab = 'table';
    SM.app = this;
    this.openMap();
    this.openParts();
    this.listen();
    this.build();
    if (config.shell) { this.restore(asked); }
    this.restored = true;
    this.refresh();
  }
  var app = App.prototype;

  // numbers for tests and the curious
  app.state = function () {
    var drawn = 0, store = this.store, filter = this.filter;
    for (var i = 0; i < filter.shown; i += 1) { if (!isNaN(store.x[filter.rows[i]])) { drawn += 1; } }
    return {
      total: store.count, shown: filter.shown, drawn: drawn, unplaced: filter.shown - drawn, selected: this.row, language: SM.language, tab: this.tab,
      from: filter.from, to: filter.to, marks: this.incidents.marks.length, layers: Object.assign({}, this.layers),
      inMarks: this.incidents.marks.reduce(function (sum, mark) { return sum + (mark.rows ? mark.rows.length : mark.cluster.count); }, 0)
    };
  };

  app.openMap = function () {
    var map = this.map;
    // where all lies on the basemap, there is nothing to see farther out
    var grounded = this.config.shell && this.config.ground && !this.config.tiles && SM.holds(this.ground, this.config.bounds);
    map.setMinZoom(grounded ? RANGE.minZoomOnGround : RANGE.minZoom);
    if (map.getMaxZoom() > 19) { map.setMaxZoom(RANGE.maxZoom); }
    map.createPane('sm-tiles').style.zIndex = 150;
    this.shows = { regions: true, rivers: true, towns: true, liptako: true, tiles: Boolean(this.config.tiles) };
    this.groundLayer = SM.openGroundLayer(this.ground, this.shows);
    if (this.config.tiles) {
      this.tiles = L.tileLayer(this.config.tiles.url, { attribution: '', pane: 'sm-tiles', maxZoom: 19 }).addTo(map);
    }
    if (this.config.ground) { this.groundLayer.addTo(map); }
    this.choropleth = SM.openChoropleth(this.store, this.filter, this.ground, this.groundLayer);
    this.heat = SM.openHeat(this.store, this.filter);
    this.incidents = SM.openIncidentLayer(this.store, this.filter, this.hub).addTo(map);
    if (this.config.ground) { this.openNames(); }
    this.home();
    this.scale = L.control.scale({ imperial: false, position: 'bottomright' }).addTo(map);
    if (map.attributionControl) { map.attributionControl.setPrefix(false); }
  };

  // the names follow the incidents, which they must not hide behind
  app.openNames = function () {
    var incidents = this.incidents, names = SM.openNamesLayer(this.ground, this.shows, this.groundLayer, incidents).addTo(this.map);
    this.hub.on('painted', function () { names.repaint(); });
    this.groundLayer.names = names;
  };

  app.home = function () {
    var box = this.config.bounds;
    if (!box) { return; }
    this.map.fitBounds([SM.latLng(box[0], box[1]), SM.latLng(box[2], box[3])], { padding: this.map.getSize().x > 620 ? [36, 36] : [12, 12], maxZoom: 8, animate: false });
  };

  app.openParts = function () {
    this.timeline = new SM.Timeline(this.store, this.filter, this.hub);
    this.facets = new SM.Facets(this.filter, this.hub);
    this.table = new SM.Table(this.store, this.filter, this.hub);
    this.summary = new SM.Summary(this.store, this.filter);
  };

  app.listen = function () {
    var self = this, slow = SM.later(function () { self.refreshSlow(); }, 120);
    var draw = SM.eachFrame(function () { self.refreshFast(); });
    this.hub.on('days', function (range) {
      self.filter.from = range ? range[0] : null;
      self.filter.to = range ? range[1] : null;
      self.filter.judgeDays();
      draw();
      slow();
    }).on('facets', function () {
      self.filter.judge();
      self.timeline.stale = true;
      self.refresh();
    }).on('search', function (text) {
      self.filter.search(text).then(function () { self.timeline.stale = true; self.refresh(); });
    }).on('reset', function () {
      self.filter.reset();
      self.timeline.stale = true;
      self.facets.build();
      self.refresh();
      self.facets.search.focus();
    }).on('open', function (what) { self.open(what); })
      .on('hover', SM.eachFrame(function (row) { self.incidents.hover(row); self.table.hover(row); }))
      .on('tip', function (tip) { self.showTip(tip); });
    this.map.on('moveend', SM.later(function () { self.keep(); }, 300));
    this.map.on('popupopen popupclose', function (event) { self.map.getContainer().classList.toggle('sm-has-popup', event.type === 'popupopen'); });
    window.addEventListener('beforeprint', function () { self.onPaper(true); });
    window.addEventListener('afterprint', function () { self.onPaper(false); });
  };

  // what must follow the brush within a frame
  app.refreshFast = function () {
    this.incidents.repaint();
    if (this.layers.heat) { this.heat.repaint(); }
    this.timeline.update();
    this.sayCount();
  };

  // what may come a little later
  app.refreshSlow = function () {
    this.groundLayer.showDay(this.filter.from === null ? this.config.day : this.filter.to);
    if (this.layers.choropleth) { this.groundLayer.repaint(); }
    if (this.tab === 'table') { this.table.update(); }
    if (this.tab === 'summary') { this.summary.update(); }
    this.facets.update();
    this.updateLegend();
    this.keep();
  };

  app.refresh = function () { this.refreshFast(); this.refreshSlow(); };

  // one incident opens with its popup on the map and, from there or from the table, its dossier
  app.open = function (what) {
    var self = this, store = this.store;
    if (what.rows) {
      this.say(what.latlng, SM.choices(store, what.rows, function (row) { self.open({ row: row, from: 'map' }); }));
      return;
    }
    var row = what.row;
    this.row = row;
    this.incidents.choose(row);
    store.details(row).then(function (details) {
      if (self.row !== row) { return; }
      if (!isNaN(store.x[row])) { self.showOnMap(row, details, what.from); } else { self.map.closePopup(); }
      if (what.from === 'table' || what.from === 'address') { self.openDossier(row, details); }
      else { self.table.choose(row); if (self.dossierOpen()) { self.openDossier(row, details); } }
      self.keep();
    });
  };

  app.showOnMap = function (row, details, from) {
    var self = this, at = SM.latLng(SM.lonOf(this.store.x[row]), SM.latOf(this.store.y[row]));
    var inner = this.map.getBounds().pad(-0.08);
    if (from !== 'map' && !inner.contains(at)) { this.map.setView(at, Math.max(this.map.getZoom(), 6), { animate: false }); }
    var beside = from !== 'map' && this.config.shell; // the dossier stands open beside the map already
    this.say(at, SM.popup(this.store, row, details, beside ? null : function () {
      if (self.config.shell) { self.openDossier(row, details, true); return; }
      self.say(at, SM.dossier(self.store, row, details, function (other) { self.open({ row: other, from: 'map' }); }));
    }));
  };

  app.say = function (at, node) {
    // clear of the tools on the left and the layers on the right, where there is room for both
    var size = this.map.getSize(), wide = size.x > 620, tools = wide ? 60 : 10, layers = wide ? this.layerBox.offsetWidth + 24 : 10;
    this.showTip(null);
    this.popup = L.popup({ maxWidth: 320, minWidth: 220, maxHeight: Math.max(160, size.y - 90), autoPanPaddingTopLeft: [tools, 16], autoPanPaddingBottomRight: [layers, 16], className: 'sm-pop' })
      .setLatLng(at).setContent(node).openOn(this.map);
  };

  app.showTip = function (tip) {
    var store = this.store, text = null;
    if (tip && this.map.getContainer().classList.contains('sm-has-popup')) { tip = null; } // the popup says it, and more
    if (tip) {
      var mark = tip.mark, many = mark.rows ? mark.rows.length > 1 : mark.cluster.count > 1;
      text = many ? SM.t('here_are', { n: SM.number(mark.rows ? mark.rows.length : mark.cluster.count) }) +
        (mark.cluster && mark.cluster.low ? ' \u00b7 ' + SM.t('killed_at_least', { n: SM.number(mark.cluster.low) }) : '')
        : store.title(mark.row) + ' \u00b7 ' + store.span(mark.row) + ' \u00b7 ' + store.toll(mark.row);
    }
    this.tip = this.tip || this.map.getContainer().appendChild(SM.el('div', { 'class': 'sm-tip', 'aria-hidden': 'true' }));
    this.tip.hidden = !text;
    if (text) {
      this.tip.textContent = text;
      this.tip.style.left = Math.min(tip.point.x + 14, this.map.getSize().x - 200) + 'px';
      this.tip.style.top = tip.point.y + 16 + 'px';
    }
  };
  SM.App = App;

  function text(id) { return document.getElementById(id).textContent; }
  function read(id) { return JSON.parse(text(id)); }
})(window.SahelMap = window.SahelMap || {});
