// How does a view come back? From the address's fragment, where it is kept after every change.
(function (SM) {
  'use strict';
  var app = SM.App.prototype;

  // the view goes into the address's fragment, so that it can be shared or opened again
  app.keep = function () {
    if (!this.config.shell || !this.restored) { return; }
    var filter = this.filter, centre = this.map.getCenter(), self = this, state = { lang: SM.language === this.config.language ? '' : SM.language };
    state.map = [this.map.getZoom(), centre.lat.toFixed(3), centre.lng.toFixed(3)].join('/');
    state.q = filter.text;
    state.days = filter.from === null ? '' : SM.isoDay(filter.from) + '..' + SM.isoDay(filter.to);
    filter.facets.forEach(function (facet) {
      state[facet.key] = Array.from(facet.chosen).map(function (id) { return encodeURIComponent(facet.values[id]); }).join(',');
      if (facet.key === 'background') { state.background = filter.isAtRest(facet) ? '' : state.background || 'all'; }
    });
    state.tab = this.tab === 'table' ? '' : this.tab;
    state.layers = Object.keys(this.layers).filter(function (name) { return self.layers[name]; }).join(',');
    if (state.layers === 'incidents,regions,rivers,towns,liptako,tiles') { state.layers = ''; }
    state.incident = this.row >= 0 ? this.store.text('incident_id', this.row) : '';
    try { history.replaceState(null, '', '#' + SM.writeState(state)); } catch (error) { /* no address inside a notebook's frame */ }
  };

  app.restore = function (asked) {
    var self = this, filter = this.filter, at = (asked.map || '').split('/').map(Number), days = (asked.days || '').split('..').map(SM.dayOf);
    if (at.length === 3 && at.every(isFinite) && Math.abs(at[1]) <= 90) { this.map.setView(SM.latLng(at[2], at[1]), at[0], { animate: false }); }
    if (days.length === 2 && days[0] !== SM.MISSING && days[1] !== SM.MISSING) { filter.from = days[0]; filter.to = days[1]; }
    filter.facets.forEach(function (facet) {
      if (asked[facet.key]) { facet.chosen.clear(); }
      (asked[facet.key] || '').split(',').forEach(function (value) {
        var id = value === '' ? -1 : facet.values.indexOf(decode(value));
        if (id >= 0) { facet.chosen.add(id); }
      });
    });
    filter.judge();
    if (asked.layers) { Object.keys(this.layers).forEach(function (name) { var on = asked.layers.split(',').indexOf(name) >= 0; if (on !== self.layers[name]) { self.showLayer(name, on); } }); this.buildControls(); }
    if (asked.tab && this.tabs[asked.tab]) { this.showTab(asked.tab); }
    this.restored = true;
    if (asked.q) { this.hub.tell('search', asked.q); }
    if (asked.incident) { this.restoreIncident(asked.incident, asked.tab); }
  };

  app.restoreIncident = function (id, tab) {
    var column = this.store.data.has('incident_id') ? this.store.data.column('incident_id') : null;
    var code = column && column.distinct ? column.distinct.indexOf(id) : -1, row = code < 0 ? -1 : Array.prototype.indexOf.call(column.values, code);
    if (row >= 0) { this.open({ row: row, from: tab === 'dossier' ? 'address' : 'map' }); }
  };

  function decode(value) { try { return decodeURIComponent(value); } catch (error) { return value; } }
})(window.SahelMap = window.SahelMap || {});
