// When did it happen? A histogram with a brush: drag, play, type two days, or use the arrow keys.
(function (SM) {
  'use strict';
  var EARLIEST = -25567, LATEST = 47482; // 1900 to 2100: other years are left out of the picture and said
  var HEIGHT = 62, EDGE = 10;

  // hub 'days' {from, to} or null is told when the brush moves
  SM.Timeline = function (store, filter, hub) {
    this.store = store;
    this.filter = filter;
    this.hub = hub;
    this.span = spanOf(store);
    this.node = SM.el('section', { 'class': 'sm-time', 'aria-label': SM.t('timeline') });
    this.build();
  };
  var timeline = SM.Timeline.prototype;

  timeline.build = function () {
    var self = this;
    SM.clear(this.node);
    this.node.setAttribute('aria-label', SM.t('timeline'));
    if (!this.span) { this.node.appendChild(SM.el('p', { 'class': 'sm-quiet' }, SM.t('no_dates'))); return; }
    this.canvas = SM.el('canvas', { 'class': 'sm-histogram', 'aria-hidden': 'true' });
    this.handles = ['from', 'to'].map(function (end) { return self.handle(end); });
    this.inputs = ['from', 'to'].map(function (end) { return self.input(end); });
    this.playing = SM.button('', function () { self.toggle(); }, { 'class': 'sm-play' });
    this.whole = SM.button(SM.t('all_days'), function () { self.set(null); }, { 'class': 'sm-small' });
    this.track = SM.el('div', { 'class': 'sm-track' }, [this.canvas, this.handles]);
    this.node.appendChild(SM.el('div', { 'class': 'sm-time-tools' }, [this.playing, this.inputs[0].label, this.inputs[1].label, this.whole]));
    this.node.appendChild(this.track);
    this.drag();
    this.showPlaying(false);
  };

  timeline.handle = function (end) {
    var self = this;
    return SM.el('div', {
      'class': 'sm-handle', role: 'slider', tabindex: 0, 'aria-label': SM.t(end === 'from' ? 'first_day' : 'last_day'),
      'aria-valuemin': this.span[0], 'aria-valuemax': this.span[1],
      onkeydown: function (event) { self.key(event, end); }
    });
  };

  timeline.input = function (end) {
    var self = this, input = SM.el('input', {
      type: 'date', lang: SM.language, onchange: function () {
        var day = SM.dayOf(input.value), range = self.range();
        if (day === SM.MISSING) { return; }
        self.set(end === 'from' ? [day, Math.max(day, range[1])] : [Math.min(day, range[0]), day]);
      }
    });
    return { node: input, label: SM.el('label', {}, [SM.el('span', {}, SM.t(end === 'from' ? 'from' : 'to')), ' ', input]) };
  };

  timeline.range = function () {
    return this.filter.from === null ? this.span.slice() : [this.filter.from, this.filter.to];
  };

  timeline.key = function (event, end) {
    var step = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1, PageDown: -30, PageUp: 30 }[event.key];
    var range = this.range(), at = end === 'from' ? 0 : 1;
    if (event.key === 'Home') { step = this.span[at === 0 ? 0 : 0] - range[at]; }
    if (event.key === 'End') { step = this.span[1] - range[at]; }
    if (step === undefined) { return; }
    event.preventDefault();
    range[at] = Math.max(this.span[0], Math.min(this.span[1], range[at] + step * (event.shiftKey ? 7 : 1)));
    if (range[0] > range[1]) { range[1 - at] = range[at]; }
    this.set(range);
  };

  timeline.set = function (range) {
    if (range && range[0] <= this.span[0] && range[1] >= this.span[1]) { range = null; }
    this.hub.tell('days', range);
  };

  timeline.drag = function () {
    var self = this, grip = null;
    function dayAt(event) {
      var box = self.track.getBoundingClientRect(), share = (event.clientX - box.left - EDGE) / (box.width - 2 * EDGE);
      return Math.round(self.span[0] + Math.max(0, Math.min(1, share)) * (self.span[1] - self.span[0]));
    }
    this.track.addEventListener('pointerdown', function (event) {
      var day = dayAt(event), range = self.range(), near = (self.span[1] - self.span[0]) * 9 / self.track.clientWidth;
      var at = Math.abs(day - range[0]) <= near ? 0 : Math.abs(day - range[1]) <= near ? 1 : -1;
      if (at < 0 && self.filter.from !== null && day > range[0] && day < range[1]) { grip = { move: day, range: range }; }
      else { grip = at < 0 ? { fixed: day } : { fixed: range[1 - at] }; }
      self.showPlaying(false);
      self.track.setPointerCapture(event.pointerId);
      event.preventDefault();
    });
    this.track.addEventListener('pointermove', function (event) {
      if (!grip) { return; }
      var day = dayAt(event);
      if (grip.range) { self.set(shifted(grip.range, day - grip.move, self.span)); }
      else { self.set([Math.min(grip.fixed, day), Math.max(grip.fixed, day)]); }
    });
    ['pointerup', 'pointercancel'].forEach(function (name) { self.track.addEventListener(name, function () { grip = null; }); });
  };

  timeline.toggle = function () { this.showPlaying(!this.timer); };

  // play: the window walks through the whole span, then stops
  timeline.showPlaying = function (on) {
    var self = this, length = this.span[1] - this.span[0];
    clearInterval(this.timer);
    this.timer = 0;
    if (on) {
      var range = this.filter.from === null ? [this.span[0], this.span[0] + Math.max(1, Math.round(length / 10))] : this.range();
      if (range[1] >= this.span[1]) { range = shifted(range, this.span[0] - range[0], this.span); }
      this.set(range);
      this.timer = setInterval(function () {
        var now = self.range();
        if (now[1] >= self.span[1]) { self.showPlaying(false); return; }
        self.set(shifted(now, Math.max(1, Math.round(length / 120)), self.span));
      }, 250);
    }
    this.playing.textContent = on ? '\u275a\u275a' : '\u25b6';
    this.playing.setAttribute('aria-label', SM.t(on ? 'pause' : 'play'));
  };

  timeline.update = function () {
    if (!this.span) { return; }
    var range = this.range(), self = this;
    ['from', 'to'].forEach(function (end, i) {
      self.inputs[i].node.value = SM.isoDay(range[i]);
      self.handles[i].setAttribute('aria-valuenow', range[i]);
      self.handles[i].setAttribute('aria-valuetext', SM.sayDay(range[i], 'long'));
      self.handles[i].style.left = 'calc(' + EDGE + 'px + (100% - ' + 2 * EDGE + 'px) * ' + ((range[i] - self.span[0]) / Math.max(1, self.span[1] - self.span[0])) + ')';
    });
    this.whole.hidden = this.filter.from === null;
    this.draw();
  };

  // counts a bin, of all that pass the other filters
  timeline.count = function (bins) {
    var counts = new Float64Array(bins), first = this.store.first, fails = this.filter.fails, from = this.span[0];
    var perDay = bins / (this.span[1] - from + 1);
    for (var row = 0; row < first.length; row += 1) {
      if (fails[row] || first[row] < from || first[row] > this.span[1]) { continue; }
      counts[Math.floor((first[row] - from) * perDay)] += 1;
    }
    return counts;
  };

  timeline.draw = function () {
    var width = this.track.clientWidth || 600, dense = Math.min(window.devicePixelRatio || 1, 2), context = this.canvas.getContext('2d');
    var inner = width - 2 * EDGE, bins = Math.max(1, Math.min(this.span[1] - this.span[0] + 1, Math.floor(inner / 5))), range = this.range();
    if (this.counted !== this.filter.fails || this.countedBins !== bins || this.stale) {
      this.counts = this.count(bins);
      this.countedBins = bins;
      this.counted = this.filter.fails;
      this.stale = false;
    }
    this.canvas.width = width * dense;
    this.canvas.height = HEIGHT * dense;
    context.scale(dense, dense);
    var top = Math.max.apply(null, Array.from(this.counts).concat(1)), step = inner / bins, days = (this.span[1] - this.span[0] + 1) / bins;
    for (var bin = 0; bin < bins; bin += 1) {
      var day = this.span[0] + bin * days, inside = day + days > range[0] && day <= range[1];
      var height = this.counts[bin] ? Math.max(2, this.counts[bin] / top * (HEIGHT - 22)) : 0;
      context.fillStyle = inside ? '#26435f' : '#cfcabd';
      context.fillRect(EDGE + bin * step + 0.5, HEIGHT - 16 - height, Math.max(1, step - 1), height);
    }
    this.drawAxis(context, width, inner);
    this.drawBrush(context, inner, range);
  };

  timeline.drawAxis = function (context, width, inner) {
    var self = this, length = this.span[1] - this.span[0] + 1;
    context.fillStyle = '#a39c8c';
    context.fillRect(EDGE, HEIGHT - 16, inner, 1);
    context.fillStyle = '#5f5a4e';
    context.font = '11px ' + SM.fontSans;
    context.textBaseline = 'top';
    context.textAlign = 'center';
    ticks(this.span, inner).forEach(function (tick) {
      var x = EDGE + (tick.day - self.span[0]) / Math.max(1, length - 1) * inner, half = context.measureText(tick.text).width / 2;
      if (x - half < 0 || x + half > width) { return; }
      context.fillRect(x, HEIGHT - 16, 1, 4);
      context.fillText(tick.text, x, HEIGHT - 12);
    });
  };

  timeline.drawBrush = function (context, inner, range) {
    if (this.filter.from === null) { return; }
    var length = Math.max(1, this.span[1] - this.span[0]);
    var left = EDGE + (range[0] - this.span[0]) / length * inner, right = EDGE + (range[1] - this.span[0]) / length * inner;
    context.fillStyle = 'rgba(38, 67, 95, 0.10)';
    context.fillRect(left, 0, Math.max(2, right - left), HEIGHT - 16);
  };

  SM.plausibleDay = function (day) { return day >= EARLIEST && day <= LATEST; };

  // the days of the news; of background only where there is nothing else
  function spanOf(store) { return spanWhere(store, true) || spanWhere(store, false); }

  function spanWhere(store, newsOnly) {
    var low = Infinity, high = -Infinity;
    for (var row = 0; row < store.count; row += 1) {
      if (!SM.plausibleDay(store.first[row]) || (newsOnly && store.flag('background', row))) { continue; }
      low = Math.min(low, store.first[row]);
      high = Math.max(high, SM.plausibleDay(store.last[row]) ? store.last[row] : store.first[row]);
    }
    return low === Infinity ? null : [low, Math.max(high, low + 1)];
  }

  function shifted(range, by, span) {
    by = Math.max(span[0] - range[0], Math.min(span[1] - range[1], by));
    return [range[0] + by, range[1] + by];
  }

  // ticks on days, months or years, as many as fit
  function ticks(span, width) {
    var length = span[1] - span[0], room = Math.max(2, Math.floor(width / 90)), found = [];
    var start = new Date(span[0] * 86400000), year = start.getUTCFullYear(), month = start.getUTCMonth();
    if (length <= room * 8) {
      for (var day = span[0]; day <= span[1]; day += Math.max(1, Math.ceil(length / room))) { found.push({ day: day, text: SM.sayDay(day).replace(/ \d{4}$/, '') }); }
      return found;
    }
    var months = Math.max(1, Math.ceil(length / 30.4 / room));
    months = months <= 1 ? 1 : months <= 3 ? 3 : months <= 6 ? 6 : 12 * Math.ceil(months / 12);
    for (var i = 0; i < 5000; i += months) {
      var at = Date.UTC(year, month - month % Math.min(months, 12) + i, 1) / 86400000;
      if (at > span[1]) { break; }
      if (at >= span[0]) { found.push({ day: at, text: SM.sayDay(at, months >= 12 ? 'year' : 'month') }); }
    }
    return found;
  }
})(window.SahelMap = window.SahelMap || {});
