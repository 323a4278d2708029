// Which filters can be set? A search field and one drop-down a facet, each value with its count.
(function (SM) {
  'use strict';
  var LISTED = 40; // values listed before the list must be searched

  SM.Facets = function (filter, hub) {
    var self = this;
    this.filter = filter;
    this.hub = hub;
    this.node = SM.el('div', { 'class': 'sm-bar', role: 'search', 'aria-label': SM.t('filters') });
    this.build();
    document.addEventListener('click', function (event) { if (self.open && !self.node.contains(event.target)) { self.shut(); } });
    document.addEventListener('keydown', function (event) { if (event.key === 'Escape' && self.open) { self.shut(true); } });
  };
  var facets = SM.Facets.prototype;

  facets.build = function () {
    var self = this;
    SM.clear(this.node).setAttribute('aria-label', SM.t('filters'));
    this.open = null;
    this.search = SM.el('input', {
      type: 'search', 'class': 'sm-search', placeholder: SM.t('search_hint'), 'aria-label': SM.t('search'), value: this.filter.text,
      oninput: SM.later(function () { self.hub.tell('search', self.search.value); }, 180)
    });
    this.node.appendChild(this.search);
    this.unfold = SM.button(SM.t('filters'), function () { self.toggleAll(); }, { 'class': 'sm-chip sm-unfold', 'aria-expanded': 'false' });
    this.node.appendChild(this.unfold);
    this.chips = this.filter.facets.map(function (facet, number) { return self.chip(facet, number); });
    this.group = SM.el('div', { 'class': 'sm-chips' }, this.chips.map(function (chip) { return chip.node; }));
    this.clear = SM.button(SM.t('clear_filters'), function () { self.hub.tell('reset'); }, { 'class': 'sm-small' });
    this.group.appendChild(this.clear);
    this.node.appendChild(this.group);
  };

  facets.toggleAll = function () {
    var open = this.node.classList.toggle('sm-bar-open');
    this.unfold.setAttribute('aria-expanded', String(open));
  };

  facets.chip = function (facet, number) {
    var self = this, id = SM.prefix + '-facet-' + facet.key;
    var chip = { facet: facet, number: number, wanted: '' };
    chip.button = SM.button('', function () { if (self.open === chip) { self.shut(); } else { self.show(chip); } },
      { 'class': 'sm-chip', 'aria-expanded': 'false', 'aria-controls': id, 'data-facet': facet.key });
    chip.body = SM.el('div', { 'class': 'sm-drop', id: id, hidden: true, role: 'group', 'aria-label': SM.t('facet_' + facet.key) });
    chip.node = SM.el('div', { 'class': 'sm-facet' }, [chip.button, chip.body]);
    return chip;
  };

  facets.show = function (chip) {
    this.shut();
    this.open = chip;
    chip.body.hidden = false;
    chip.button.setAttribute('aria-expanded', 'true');
    this.list(chip);
    var over = chip.body.getBoundingClientRect().right - document.documentElement.clientWidth + 8;
    chip.body.style.marginLeft = over > 0 ? -over + 'px' : '';
  };

  facets.shut = function (focus) {
    if (!this.open) { return; }
    this.open.body.hidden = true;
    this.open.button.setAttribute('aria-expanded', 'false');
    if (focus) { this.open.button.focus(); }
    this.open = null;
  };

  facets.list = function (chip) {
    var self = this, facet = chip.facet, counts = this.filter.counts()[chip.number], values = SM.el('ul', {});
    SM.clear(chip.body);
    if (facet.values.length > 12) {
      chip.body.appendChild(SM.el('input', {
        type: 'search', 'aria-label': SM.t('find_value'), placeholder: SM.t('find_value'), value: chip.wanted,
        oninput: function (event) { chip.wanted = event.target.value; self.fill(chip, values, counts); }
      }));
    }
    chip.body.appendChild(values);
    this.fill(chip, values, counts);
  };

  facets.fill = function (chip, list, counts) {
    var self = this, facet = chip.facet, wanted = SM.fold(chip.wanted);
    var ids = facet.values.map(function (value, id) { return id; }).filter(function (id) {
      return (counts[id] > 0 || facet.chosen.has(id)) && SM.fold(self.say(facet, id)).indexOf(wanted) >= 0;
    }).sort(function (a, b) { return facet.chosen.has(b) - facet.chosen.has(a) || counts[b] - counts[a] || a - b; });
    SM.clear(list);
    ids.slice(0, LISTED).forEach(function (id) { list.appendChild(self.value(chip, id, counts[id])); });
    if (ids.length > LISTED) { list.appendChild(SM.el('li', { 'class': 'sm-quiet' }, SM.t('and_more', { n: SM.number(ids.length - LISTED) }))); }
  };

  facets.value = function (chip, id, count) {
    var self = this, box = SM.el('input', {
      type: 'checkbox', checked: chip.facet.chosen.has(id), onchange: function () {
        if (box.checked) { chip.facet.chosen.add(id); } else { chip.facet.chosen.delete(id); }
        self.hub.tell('facets');
      }
    });
    return SM.el('li', {}, SM.el('label', {}, [box, SM.el('span', {}, this.say(chip.facet, id)), SM.el('span', { 'class': 'sm-count' }, SM.number(count))]));
  };

  facets.say = function (facet, id) {
    var value = facet.values[id];
    return (facet.family ? SM.say(facet.family, value) : value) || SM.t('not_said');
  };

  facets.update = function () {
    var self = this;
    this.chips.forEach(function (chip) {
      var chosen = Array.from(chip.facet.chosen), name = SM.t('facet_' + chip.facet.key);
      if (chip.facet.key === 'background' && self.filter.isAtRest(chip.facet)) { chosen = []; name = SM.t('facet_background_hidden', { n: SM.number(self.filter.hiddenBackground()) }); }
      chip.button.textContent = chosen.length === 1 ? name + ': ' + shorten(self.say(chip.facet, chosen[0])) : chosen.length ? name + ' (' + chosen.length + ')' : name;
      chip.button.classList.toggle('sm-on', chosen.length > 0);
    });
    if (document.activeElement !== this.search) { this.search.value = this.filter.text; }
    this.clear.hidden = !this.filter.active();
  };

  function shorten(text) { return text.length > 24 ? text.slice(0, 23) + '\u2026' : text; }
})(window.SahelMap = window.SahelMap || {});
