// How is the page laid out round the map, and how do its parts answer the reader? Header, panel, layers, state.
(function (SM) {
  'use strict';
  var app = SM.App.prototype;
  var TABS = ['table', 'dossier', 'summary', 'about'];

  // in the shell: the whole page; beside other folium layers: a legend and the days on the map itself
  app.build = function () {
    document.documentElement.lang = SM.language;
    this.buildControls();
    if (!this.config.shell) { this.buildBare(); return; }
    document.body.classList.add('sm-body');
    document.title = this.config.title || SM.t('title');
    var container = this.map.getContainer();
    if (!this.page) { this.page = document.body.insertBefore(SM.el('div', { 'class': 'sm-page' }), document.body.firstChild); }
    container.classList.add('sm-map');
    container.setAttribute('role', 'region');
    container.setAttribute('aria-label', SM.t('map_label'));
    SM.clear(this.page);
    this.buildPanel();
    this.page.appendChild(SM.el('a', { 'class': 'sm-skip', href: '#' + SM.prefix + '-panel', onclick: function (event) { event.preventDefault(); document.getElementById(SM.prefix + '-panel').focus(); } }, SM.t('skip_to_table')));
    this.page.appendChild(this.header());
    this.page.appendChild(this.facets.node);
    this.page.appendChild(SM.el('main', { 'class': 'sm-main' }, [
      SM.el('div', { 'class': 'sm-stage' }, [container, this.timeline.node]), this.panel
    ]));
    this.map.invalidateSize({ animate: false });
    this.legendFitted = false;
    this.fitLegend();
    if (!this.placed) { this.placed = true; this.updateLegend(); this.home(); }
  };

  app.header = function () {
    var self = this;
    this.countLine = SM.el('p', { 'class': 'sm-lead', role: 'status' });
    var language = SM.language === 'fr' ? 'en' : 'fr';
    return SM.el('header', { 'class': 'sm-head' }, [
      SM.el('div', {}, [SM.el('h1', {}, this.config.title || SM.t('title')), this.countLine,
        this.config.generalised ? SM.el('p', { 'class': 'sm-warning' }, this.sayCare()) : null]),
      SM.el('nav', { 'class': 'sm-actions', 'aria-label': SM.t('actions') }, [
        SM.button(SM.t('copy_link'), function (event) { self.copyLink(event.target); }),
        SM.button('GeoJSON', function () { self.download('geojson'); }, { 'aria-label': SM.t('download', { what: 'GeoJSON' }), title: SM.t('download', { what: 'GeoJSON' }) }),
        SM.button('CSV', function () { self.download('csv'); }, { 'aria-label': SM.t('download', { what: 'CSV' }), title: SM.t('download', { what: 'CSV' }) }),
        SM.button(SM.t('print'), function () { self.print(); }),
        SM.button(language === 'fr' ? 'Fran\u00e7ais' : 'English', function () { self.speak(language); }, { lang: language, 'class': 'sm-language' })
      ])
    ]);
  };

  app.buildPanel = function () {
    var self = this;
    this.tabs = {};
    this.pages = { table: this.table.node, dossier: SM.el('div', {}, SM.el('p', { 'class': 'sm-quiet' }, SM.t('choose_one'))), summary: this.summary.node, about: this.about() };
    var list = SM.el('div', { role: 'tablist', 'class': 'sm-tabs', 'aria-label': SM.t('panel') }, TABS.map(function (name) {
      self.tabs[name] = SM.el('button', {
        type: 'button', role: 'tab', id: SM.prefix + '-tab-' + name, 'aria-controls': SM.prefix + '-page-' + name,
        onclick: function () { self.showTab(name); }, onkeydown: function (event) { self.tabKey(event, name); }
      }, SM.t('tab_' + name));
      return self.tabs[name];
    }));
    this.panel = SM.el('aside', { 'class': 'sm-panel', id: SM.prefix + '-panel', tabindex: -1, 'aria-label': SM.t('panel') }, [list, TABS.map(function (name) {
      var page = self.pages[name];
      return SM.el('div', { role: 'tabpanel', id: SM.prefix + '-page-' + name, 'aria-labelledby': SM.prefix + '-tab-' + name, 'class': 'sm-tabpage', tabindex: 0 }, page);
    })]);
    this.showTab(this.tab);
  };

  app.tabKey = function (event, name) {
    var step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (!step) { return; }
    var next = TABS[(TABS.indexOf(name) + step + TABS.length) % TABS.length];
    this.showTab(next);
    this.tabs[next].focus();
  };

  app.showTab = function (name) {
    var self = this;
    this.tab = name;
    TABS.forEach(function (other) {
      self.tabs[other].setAttribute('aria-selected', String(other === name));
      self.tabs[other].tabIndex = other === name ? 0 : -1;
      self.pages[other].parentNode.hidden = other !== name;
    });
    if (name === 'table') { this.table.update(); }
    if (name === 'summary') { this.summary.update(); }
  };

  app.dossierOpen = function () { return this.config.shell && this.tab === 'dossier'; };

  app.openDossier = function (row, details, focus) {
    if (!this.config.shell) { return; }
    var page = this.pages.dossier, self = this;
    SM.clear(page);
    page.appendChild(SM.button('\u2190 ' + SM.t('back_to_table'), function () { self.showTab('table'); self.table.choose(row); self.focusRow(row); }, { 'class': 'sm-link' }));
    page.appendChild(SM.dossier(this.store, row, details, function (other) { self.open({ row: other, from: 'table' }); }));
    this.showTab('dossier');
    page.parentNode.scrollTop = 0;
    if (focus !== false) { page.parentNode.focus({ preventScroll: false }); }
    this.table.choose(row);
  };

  app.focusRow = function (row) {
    var line = this.table.body.querySelector('tr[data-row="' + row + '"] button');
    if (line) { line.focus(); }
  };

  app.about = function () {
    var left = this.config.left_out || {}, self = this;
    var lines = Object.keys(left).filter(function (key) { return left[key]; }).map(function (key) { return SM.t('left_' + key, { n: SM.number(left[key]) }); });
    var unplaced = SM.t('about_shown', { n: SM.number(this.store.count) });
    return SM.el('div', { 'class': 'sm-about' }, [
      SM.el('h2', {}, SM.t('about_title')),
      SM.el('p', {}, unplaced),
      this.config.generalised && SM.el('p', { 'class': 'sm-warning' }, this.sayCare()),
      lines.length ? SM.el('section', {}, [SM.el('h3', {}, SM.t('left_out')), SM.el('ul', {}, lines.map(function (line) { return SM.el('li', {}, line); }))]) : null,
      ['about_precision', 'about_tolls', 'about_offline', 'about_keys'].map(function (key) { return SM.el('p', {}, SM.t(key)); }),
      SM.el('h3', {}, SM.t('credits')), SM.el('p', {}, [this.config.credits || '', self.config.tiles ? ' ' + self.config.tiles.attribution : ''])
    ]);
  };

  app.sayCare = function () {
    var to = this.config.generalised, said = SM.say('generalised', to);
    return SM.t('generalised', { to: said === to ? SM.t('generalised_grid', { km: parseFloat(to) }) : said });
  };

  // incidents and days; no sum of deaths, for claims and counts of both sides are not alike
  app.sayCount = function () {
    if (!this.countLine) { return; }
    var filter = this.filter, hidden = filter.hiddenBackground(), all = this.store.count - hidden, parts = [];
    parts.push(filter.shown === all ? SM.t('shown_all', { n: SM.number(all) }) : SM.t('shown_some', { n: SM.number(filter.shown), all: SM.number(all) }));
    var background = filter.shown - this.summary.total().incidents;
    if (background) { parts.push(SM.t('of_which_background', { n: SM.number(background) })); }
    if (hidden) { parts.push(SM.t('background_hidden', { n: SM.number(hidden) })); }
    if (this.timeline.span) { var range = this.timeline.range(); parts.push(SM.saySpan(range[0], range[1])); }
    this.countLine.textContent = parts.join(' \u00b7 ');
  };

  // legend, layers and small tools on the map's edge
  app.buildControls = function () {
    var self = this;
    (this.controls || []).forEach(function (control) { control.remove(); });
    this.legendBody = SM.el('div', { 'class': 'sm-legend-body', tabindex: 0, role: 'group', 'aria-label': SM.t('legend') });
    var legend = SM.el('details', { 'class': 'sm-box sm-legend' }, [SM.el('summary', {}, SM.t('legend')), this.legendBody]);
    this.legendBox = legend;
    this.layerBox = this.layerControl();
    this.position = SM.el('div', { 'class': 'sm-position', 'aria-hidden': 'true' });
    var credits = this.config.tiles ? this.config.tiles.attribution : this.config.short_credits || '';
    var credit = SM.el('details', { 'class': 'sm-credit', hidden: !credits }, [SM.el('summary', { 'aria-label': SM.t('credits'), title: SM.t('credits') }, '\u00a9'), ' ', credits]);
    this.creditBox = credit;
    this.controls = [SM.control('topright', this.layerBox), SM.control('topleft', this.toolButtons()), SM.control('bottomleft', legend),
      SM.control('bottomright', this.position), SM.control('bottomright', credit)];
    this.controls.forEach(function (control) { control.addTo(self.map); });
    if (!this.watching) {
      this.watching = true;
      this.map.on('resize', function () { self.fitLegend(); });
      this.map.on('mousemove', function (event) { self.position.textContent = SM.sayPosition(event.latlng.lng, event.latlng.lat); });
    }
    this.nameZoom();
  };

  // shut at first, so that it hides no incident; open it is never over the tools above
  app.fitLegend = function () {
    var size = this.map.getSize();
    this.legendBody.style.maxHeight = Math.max(100, size.y - 245) + 'px';
    if (!this.legendFitted) { this.legendFitted = true; this.creditBox.open = size.x > 620; }
  };

  app.nameZoom = function () {
    var box = this.map.getContainer();
    [['.leaflet-control-zoom-in', 'zoom_in'], ['.leaflet-control-zoom-out', 'zoom_out']].forEach(function (pair) {
      var link = box.querySelector(pair[0]);
      if (link) { link.setAttribute('aria-label', SM.t(pair[1])); link.title = SM.t(pair[1]); }
    });
  };

  app.toolButtons = function () {
    var self = this, told = SM.el('output', { 'class': 'sm-measured' });
    this.measure = this.measure || new SM.Measure(this.map, function (text) { self.measured.textContent = text; });
    this.measured = told;
    var measure = SM.button(SM.icon('measure'), function () { measure.setAttribute('aria-pressed', String(self.measure.toggle())); }, { 'aria-label': SM.t('measure'), title: SM.t('measure'), 'aria-pressed': 'false' });
    var home = SM.button(SM.icon('home'), function () { self.home(); }, { 'aria-label': SM.t('whole_map'), title: SM.t('whole_map') });
    var full = SM.button(SM.icon('full'), function () { self.fullScreen(); }, { 'aria-label': SM.t('full_screen'), title: SM.t('full_screen') });
    return SM.el('div', { 'class': 'sm-tools' }, [home, measure, document.documentElement.requestFullscreen ? full : null, told]);
  };

  app.fullScreen = function () {
    if (document.fullscreenElement) { document.exitFullscreen(); } else { (this.page || this.map.getContainer()).requestFullscreen(); }
  };

  app.layerControl = function () {
    var self = this, names = ['incidents', 'heat'].concat(this.config.ground ? ['choropleth', 'regions', 'rivers', 'towns', 'liptako'] : []).concat(this.tiles ? ['tiles'] : []);
    var boxes = names.map(function (name) {
      var box = SM.el('input', { type: 'checkbox', 'data-layer': name, checked: self.layers[name], onchange: function () { self.showLayer(name, box.checked); self.keep(); } });
      return SM.el('li', {}, SM.el('label', {}, [box, SM.el('span', { 'data-layer-name': name }, SM.t('layer_' + name))]));
    });
    var measure = SM.el('select', { 'aria-label': SM.t('shade_by'), onchange: function () { self.choropleth.measure = measure.value; self.groundLayer.repaint(); self.updateLegend(); } },
      ['count', 'deaths'].map(function (name) { return SM.el('option', { value: name, selected: self.choropleth.measure === name }, SM.t('shade_' + name)); }));
    if (this.config.ground) { boxes[2].appendChild(measure); }
    return SM.el('details', { 'class': 'sm-box sm-layers' }, [SM.el('summary', {}, SM.t('layers')), SM.el('ul', {}, boxes)]);
  };

  app.showLayer = function (name, on) {
    var layer = { incidents: this.incidents, heat: this.heat, tiles: this.tiles }[name];
    this.layers[name] = on;
    if (name === 'tiles') { this.shows.tiles = on; }
    if (name === 'choropleth') { this.groundLayer.shading = on ? this.choropleth : null; }
    if (layer) { if (on) { layer.addTo(this.map); } else { layer.remove(); } }
    else { this.shows[name] = on; }
    if (this.config.ground) { this.groundLayer.repaint(); }
    this.updateLegend();
  };

  app.updateLegend = function () {
    var regions = this.layerBox.querySelector('[data-layer-name=regions]');
    if (regions) { regions.textContent = SM.t('layer_regions', { day: SM.sayDay(this.groundLayer.today()) }); }
    var shades = null;
    if (this.layers.choropleth) {
      var top = this.choropleth.top || 1;
      shades = [SM.el('span', { 'class': 'sm-swatch' }, SM.picture(50, 12, function (context) {
        SM.shades.forEach(function (shade, i) { context.fillStyle = shade; context.fillRect(i * 10, 0, 10, 12); });
      })), SM.el('span', {}, SM.t('shade_' + this.choropleth.measure) + ': 1 \u2013 ' + SM.number(top))];
    }
    SM.clear(this.legendBody).appendChild(SM.legend(this.store, this.filter, shades));
  };

  // beside other folium layers: the brush as a control on the map
  app.buildBare = function () {
    var holder = SM.el('div', { 'class': 'sm-box sm-bare' }, this.timeline.node);
    this.bare = this.bare || SM.control('bottomleft', holder).addTo(this.map);
    this.timeline.update();
  };

  app.speak = function (language) {
    SM.language = language;
    this.timeline.build();
    this.facets.build();
    this.table.build();
    this.build();
    this.refresh();
    if (this.row >= 0) { this.open({ row: this.row, from: this.tab === 'dossier' ? 'table' : 'map' }); }
    var again = this.page && this.page.querySelector('.sm-language');
    if (again) { again.focus(); }
  };

  app.download = function (kind) {
    var self = this, write = kind === 'csv' ? SM.asCsv : SM.asGeoJson;
    return write(this.store, this.filter).then(function (text) {
      SM.save(text, 'incidents.' + kind, kind === 'csv' ? 'text/csv' : 'application/geo+json');
      self.saved = { kind: kind, length: text.length };
      return text;
    });
  };

  app.print = function () { window.print(); };

  // on paper: the map as wide as the sheet, the same view in it, and the table on one page up to a limit
  app.onPaper = function (on) {
    if (!this.config.shell || on === Boolean(this.paper)) { return; }
    var box = this.map.getContainer(), view = on ? this.map.getBounds() : this.paper.view;
    var legend = this.legendBox.open;
    this.legendBox.open = on || this.paper.legend;
    this.paper = on ? { view: view, tab: this.tab, legend: legend } : this.showTab(this.paper.tab);
    box.classList.toggle('sm-paper', on);
    this.map.invalidateSize({ animate: false }).fitBounds(view, { animate: false });
    this.table.size = on ? 400 : 50;
    if (on) { this.showTab('table'); }
    this.table.page = 0;
    this.table.update();
  };

  app.copyLink = function (button) {
    var self = this;
    function said(ok) { button.textContent = SM.t(ok ? 'copied' : 'copy_by_hand'); setTimeout(function () { button.textContent = SM.t('copy_link'); }, 2500); }
    this.keep();
    if (navigator.clipboard && window.isSecureContext) { navigator.clipboard.writeText(location.href).then(function () { said(true); }, function () { said(false); }); }
    else { said(self.copyOld(location.href)); }
  };

  app.copyOld = function (text) {
    var field = SM.el('textarea', {});
    field.value = text;
    document.body.appendChild(field);
    field.select();
    var done = document.execCommand('copy');
    field.remove();
    return done;
  };
})(window.SahelMap = window.SahelMap || {});
