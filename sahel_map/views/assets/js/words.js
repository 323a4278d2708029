// How is a word, a number, a day or a toll said in the reader's language?
(function (SM) {
  'use strict';
  var DAY = 86400000;
  SM.MISSING = -2147483648;
  SM.language = 'en';
  SM.labels = { en: {}, fr: {} };

  // t('shown', {n: 5}) - the label with {n} put in; an unknown key shows itself
  SM.t = function (key, values) {
    var words = SM.labels[SM.language] || {}, said = words[key];
    if (values && values.n === '1' && words[key + '_one'] !== undefined) { said = words[key + '_one']; }
    if (said === undefined) { said = SM.labels.en[key] === undefined ? key : SM.labels.en[key]; }
    return said.replace(/\{(\w+)\}/g, function (whole, name) {
      return values && values[name] !== undefined ? String(values[name]) : whole;
    });
  };

  // the reader's word for a coded value ("Battles", "claimed"), or the value as it is
  SM.say = function (family, value) {
    var key = family + ':' + value, said = (SM.labels[SM.language] || {})[key];
    return said === undefined ? value : said;
  };

  // "JNIM; Civilians" as the reader's language names them; short: as a narrow table does
  SM.sayActors = function (cell, short) {
    return String(cell).split('; ').map(function (name) {
      var said = SM.say('actor', name), brief = short ? SM.say('actor_short', name) : name, cut = said.indexOf(': ');
      return brief !== name ? brief : short && cut > 0 && cut <= 12 ? said.slice(0, cut) : said;
    }).join('; ');
  };

  SM.number = function (value) { return Number(value).toLocaleString(SM.language); };

  SM.isoDay = function (day) {
    if (day === SM.MISSING) { return ''; }
    var date = new Date(day * DAY);
    return isNaN(date) ? '' : date.toISOString().replace(/T.*/, '').replace(/^\+00/, '');
  };

  SM.dayOf = function (iso) {
    var time = Date.parse(String(iso) + 'T00:00:00Z');
    return isNaN(time) ? SM.MISSING : Math.round(time / DAY);
  };

  SM.sayDay = function (day, style) {
    if (day === SM.MISSING) { return SM.t('undated'); }
    var date = new Date(day * DAY), options = { timeZone: 'UTC', year: 'numeric' };
    if (isNaN(date)) { return SM.t('undated'); }
    if (style !== 'year') { options.month = style === 'long' ? 'long' : 'short'; }
    if (style !== 'month' && style !== 'year') { options.day = 'numeric'; }
    return date.toLocaleDateString(SM.language === 'fr' ? 'fr-FR' : 'en-GB', options);
  };

  SM.saySpan = function (first, last) {
    if (first === SM.MISSING) { return SM.t('undated'); }
    if (last === SM.MISSING || last === first) { return SM.sayDay(first); }
    return SM.sayDay(first) + ' – ' + SM.sayDay(last);
  };

  // a figure from low to high; low missing: not said; high missing: open
  SM.sayToll = function (low, high) {
    var none = function (value) { return value === null || value === undefined || value === '' || value === SM.MISSING; };
    if (none(low) && none(high)) { return SM.t('no_figure'); }
    if (none(low)) { return SM.t('up_to', { n: SM.number(high) }); }
    if (none(high)) { return SM.t('at_least', { n: SM.number(low) }); }
    return Number(low) === Number(high) ? SM.number(low) : SM.number(low) + '–' + SM.number(high);
  };

  // a figure of the ledger in its speaker's measure: "more than 30" is not "at least 30"
  SM.sayFigure = function (toll) {
    var key = 'qualifier:' + toll.qualifier, known = (SM.labels[SM.language] || {})[key] !== undefined;
    var n = toll.qualifier === 'less than' && toll.high !== null && toll.high !== undefined ? Number(toll.high) + 1 : toll.low;
    return known && n !== undefined && n !== null ? SM.t(key, { n: SM.number(n) }) : SM.sayToll(toll.low, toll.high);
  };

  SM.countryName = function (code) { return SM.say('country', code); };

  // lower case without accents, for search
  SM.fold = function (text) {
    return String(text).normalize('NFD').replace(/[\u0300-\u036f]/g, '').toLowerCase();
  };
})(window.SahelMap = window.SahelMap || {});
