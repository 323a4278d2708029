// What is known of one incident, and who says so? The dossier: every figure with its speaker, status and words.
(function (SM) {
  'use strict';
  var LONG = 1200; // characters of a text shown before "show all"

  // short form for the map's popup: what, where, when, each figure with its speaker
  SM.popup = function (store, row, details, open) {
    return SM.el('div', { 'class': 'sm-popup', 'data-row': row }, [
      headline(store, row, 'h3'),
      ledger(details.tolls, store, row, true),
      disputes(store, row, details),
      open && SM.button(SM.t('open_dossier'), open, { 'class': 'sm-link' })
    ]);
  };

  // the whole dossier, as the side panel shows it
  SM.dossier = function (store, row, details, open) {
    return SM.el('article', { 'class': 'sm-dossier', 'data-row': row }, [
      headline(store, row, 'h2'),
      facts(store, row),
      section('figures', ledger(details.tolls, store, row, false, languages(details), open)),
      section('conflicts', list(details.conflicts)),
      section('notes', details.notes && longText(details.notes)),
      section('told_by', mentions(details)),
      section('reports', reports(details.reports, store, row)),
      section('why_one', list(details.reasons)),
      section('how_placed', placing(store, row, details))
    ]);
  };

  // a list of several incidents at one spot
  SM.choices = function (store, rows, open) {
    return SM.el('div', { 'class': 'sm-popup' }, [
      SM.el('h3', {}, SM.t('here_are', { n: SM.number(rows.length) })),
      SM.el('ul', { 'class': 'sm-choices' }, Array.from(rows).slice(-60).reverse().map(function (row) {
        return SM.el('li', {}, SM.el('button', { type: 'button', onclick: function () { open(row); } }, [
          SM.typePicture(store.type[row]), SM.el('span', {}, [SM.el('b', {}, store.title(row)), ' ', store.span(row)]),
          SM.el('span', { 'class': 'sm-count' }, store.toll(row))
        ]));
      })),
      rows.length > 60 && SM.el('p', { 'class': 'sm-quiet' }, SM.t('and_more', { n: SM.number(rows.length - 60) }))
    ]);
  };

  function headline(store, row, tag) {
    return SM.el('header', {}, [
      SM.el('p', { 'class': 'sm-kicker' }, [SM.typePicture(store.type[row]), SM.say('event_type', store.text('event_type', row)) || SM.t('type_unknown')]),
      SM.el(tag, {}, store.title(row)),
      SM.el('p', { 'class': 'sm-when' }, [store.span(row), store.where(row) && ' \u00b7 ', store.where(row)]),
      marks(store, row)
    ]);
  }

  function marks(store, row) {
    var status = store.text('status', row), found = [];
    if (status) { found.push(SM.el('span', { 'class': 'sm-mark sm-mark-' + store.outline[row] }, SM.say('status', status))); }
    if (store.flag('disputed', row)) { found.push(SM.el('span', { 'class': 'sm-mark sm-mark-disputed' }, SM.t('disputed_mark'))); }
    if (store.flag('background', row)) { found.push(SM.el('span', { 'class': 'sm-mark' }, SM.t('background_mark'))); }
    return found.length ? SM.el('p', { 'class': 'sm-marks' }, found) : null;
  }

  function facts(store, row) {
    var rows = [
      ['sub_event_type', SM.say('sub_event_type', store.text('sub_event_type', row))],
      ['actor1', [SM.sayActors(store.text('actor1', row)), store.text('actor1_status', row) && ' (' + SM.say('actor_status', store.text('actor1_status', row)) + ')']],
      ['actor2', SM.sayActors(store.text('actor2', row))],
      ['outcome', SM.say('outcome', store.text('outcome', row))],
      ['victims', store.text('victim_groups', row).split('; ').map(function (one) { return SM.say('victims', one); }).join('; ')],
      ['deaths', store.toll(row) + best(store, row)],
      ['precision', SM.say('kind', store.kindName(row)) + uncertainty(store, row)],
      ['time_known', SM.say('time_precision', store.number('time_precision', row))]
    ];
    return definitions(rows.filter(function (pair) { return [].concat(pair[1]).join('') !== '' && pair[1] !== SM.MISSING; }));
  }

  function best(store, row) {
    var value = store.number('fatalities_best', row);
    return value === SM.MISSING || store.low[row] === store.high[row] ? '' : ' (' + SM.t('best', { n: SM.number(value) }) + ')';
  }

  function uncertainty(store, row) {
    var km = store.number('uncertainty_km', row);
    return km === SM.MISSING || km <= 0 ? '' : ' (\u00b1 ' + SM.number(km) + ' km)';
  }

  // each figure is a row: figure, who, said by, status; its words underneath
  function ledger(tolls, store, row, brief, spoken, open) {
    if (!tolls || !tolls.length) {
      return SM.el('p', { 'class': 'sm-toll-line' }, [SM.el('b', {}, store.toll(row)), ' ', store.isSilent(row) ? '' : SM.t('killed_word')]);
    }
    // what a person's correction took the place of stands in the dossier, not in the popup
    var standing = tolls.filter(function (toll) { return toll.revision !== 'overruled'; });
    var all = brief ? sameFigures(standing) : tolls, shown = brief ? all.slice(0, 5) : all;
    return SM.el('div', { 'class': 'sm-ledger' }, [
      SM.el('ul', {}, shown.map(function (toll) { return brief ? figureLine(toll) : figure(toll, spoken, sharers(store, row, toll, open)); })),
      all.length > shown.length && SM.el('p', { 'class': 'sm-quiet' }, SM.t('and_more', { n: all.length - shown.length }))
    ]);
  }

  // figures that say the same, told by several reports, are one line of the popup with all their speakers
  function sameFigures(tolls) {
    var groups = new Map();
    tolls.forEach(function (toll) {
      var key = JSON.stringify([toll.kind, toll.who, toll.qualifier, toll.low, toll.high, toll.status]);
      if (groups.has(key)) { groups.get(key).push(toll); } else { groups.set(key, [toll]); }
    });
    return Array.from(groups.values());
  }

  function figureLine(same) {
    var toll = same[0], known = {}, origins = {};
    same.forEach(function (one) { known[(one.speaker || SM.t('speaker_unknown')).toLowerCase()] = one.speaker || SM.t('speaker_unknown'); origins[one.origin || ''] = 1; });
    var speakers = Object.keys(known).map(function (key) { return known[key]; }), origin = Object.keys(origins);
    return SM.el('li', {}, [
      SM.el('p', { 'class': 'sm-figure' }, [
        SM.el('b', {}, SM.sayFigure(toll)), ' ', SM.say('toll_kind', toll.kind || 'killed'), toll.who ? ', ' + SM.say('victims', toll.who) : '',
        SM.el('span', { 'class': 'sm-speaker' }, [' \u2013 ', speakers.join('; '), toll.status ? ', ' + SM.say('status', toll.status).toLowerCase() : ''])
      ]),
      same.length > 1 && origin.length === 1 && origin[0] ? SM.el('p', { 'class': 'sm-quiet' }, SM.t('one_origin', { n: SM.number(same.length), what: origin[0] })) : null
    ]);
  }

  // the other incidents of a shared figure, each a link that opens it
  function sharers(store, row, toll, open) {
    if (!toll.shared_with || !toll.shared_with.length) { return null; }
    var others = new Set();
    store.sharedOf(row, toll.kind || '').forEach(function (figure) {
      if (same(figure.low, toll.low) && same(figure.high, toll.high)) { figure.rows.forEach(function (other) { if (other !== row) { others.add(other); } }); }
    });
    var said = Array.from(others).map(function (other) {
      var name = store.title(other) + ', ' + store.span(other);
      return [' ', open ? SM.button(name, function () { open(other); }, { 'class': 'sm-link' }) : name];
    });
    return SM.el('p', { 'class': 'sm-quiet sm-sharers' }, [SM.t(said.length ? 'shared_with' : 'shared_elsewhere'), said]);
  }

  function same(one, other) { return Number(one === undefined ? null : one) === Number(other === undefined ? null : other); }

  function figure(toll, spoken, sharing) {
    return SM.el('li', {}, [
      SM.el('p', { 'class': 'sm-figure' }, [
        SM.el('b', {}, SM.sayFigure(toll)), ' ',
        SM.say('toll_kind', toll.kind || 'killed'), toll.who ? ', ' + SM.say('victims', toll.who) : ''
      ]),
      SM.el('p', { 'class': 'sm-speaker' }, [
        SM.t('said_by', { who: toll.speaker || SM.t('speaker_unknown') }),
        toll.speaker_kind ? ' (' + SM.say('speaker_kind', toll.speaker_kind) + ')' : '',
        toll.status ? ' \u00b7 ' + SM.say('status', toll.status) : '',
        toll.revision ? ' \u00b7 ' + SM.say('revision', toll.revision) : '',
        toll.report_id ? ' \u00b7 ' + toll.report_id : ''
      ]),
      toll.quote ? SM.el('blockquote', { lang: spoken[toll.report_id] }, cut(toll.quote)) : null,
      toll.origin ? SM.el('p', { 'class': 'sm-quiet' }, SM.t('origin', { what: toll.origin })) : null,
      toll.part_of ? SM.el('p', { 'class': 'sm-quiet' }, SM.t('part_of', { what: toll.part_of })) : null,
      sharing
    ]);
  }

  function disputes(store, row, details) {
    if (!details.conflicts || !details.conflicts.length) { return null; }
    return SM.el('div', { 'class': 'sm-conflicts' }, [SM.el('h4', {}, SM.t('conflicts')), list(details.conflicts)]);
  }

  function mentions(details) {
    if (!details.mentions || !details.mentions.length) { return null; }
    var spoken = languages(details);
    return SM.el('ul', { 'class': 'sm-mentions' }, details.mentions.map(function (mention) {
      return SM.el('li', {}, [
        SM.el('blockquote', { lang: spoken[mention.report_id] }, cut(mention.sentence || '')),
        SM.el('p', { 'class': 'sm-quiet' }, [mention.report_id, mention.place_text, mention.reason].filter(Boolean).join(' \u00b7 '))
      ]);
    }));
  }

  function reports(found, store, row) {
    if (!found || !found.length) {
      var sources = store.text('sources', row), ids = store.text('report_ids', row);
      return sources || ids ? SM.el('p', {}, [sources, sources && ids ? ' \u00b7 ' : '', ids]) : null;
    }
    return SM.el('ul', {}, found.map(function (report) {
      return SM.el('li', {}, [
        report.url ? SM.link(report.url, report.title || report.url) : report.title || report.report_id,
        SM.el('span', { 'class': 'sm-quiet' }, [' ', [report.source, report.published, report.report_id].filter(Boolean).join(', ')])
      ]);
    }));
  }

  function placing(store, row, details) {
    var lon = store.lon(row), lat = store.lat(row), pcode = store.text('adm1_pcode', row);
    var rows = [
      ['reason', details.resolution_reason],
      ['spellings', [].concat(details.place_spellings || []).join('; ')],
      ['coordinates', isNaN(lon) ? '' : SM.sayPosition(lon, lat)],
      ['today_in', [store.text('admin2_today', row), store.text('admin1_today', row)].filter(Boolean).join(', ')],
      ['pcode', [pcode, store.text('adm2_pcode', row)].filter(Boolean).join(' / ')],
      ['codes', codes(store, row)],
      ['incident_id', store.text('incident_id', row)]
    ];
    return definitions(rows.filter(function (pair) { return pair[1]; }));
  }

  function codes(store, row) {
    return [['geo_precision', 'ACLED geo_precision'], ['time_precision', 'ACLED time_precision'], ['where_prec', 'UCDP where_prec']].filter(function (pair) {
      return store.number(pair[0], row) !== SM.MISSING;
    }).map(function (pair) { return pair[1] + ' ' + store.number(pair[0], row); }).join(', ');
  }

  SM.sayPosition = function (lon, lat) {
    return Math.abs(lat).toFixed(4) + '\u00b0 ' + (lat < 0 ? 'S' : 'N') + ', ' + Math.abs(lon).toFixed(4) + '\u00b0 ' + (lon < 0 ? SM.t('west') : SM.t('east'));
  };

  function section(key, body) {
    return body ? SM.el('section', {}, [SM.el('h3', {}, SM.t(key)), body]) : null;
  }

  // report_id -> "en" or "fr", so that a quote is read aloud in its own language
  function languages(details) {
    var spoken = Object.create(null);
    [].concat(details.reports || []).forEach(function (report) {
      if (report && /^(en|fr)$/.test(report.language)) { spoken[report.report_id] = report.language; }
    });
    return spoken;
  }

  function definitions(rows) {
    return rows.length ? SM.el('dl', {}, rows.map(function (pair) {
      return SM.el('div', {}, [SM.el('dt', {}, SM.t(pair[0])), SM.el('dd', {}, pair[1])]);
    })) : null;
  }

  function list(items) {
    var said = [].concat(items || []).filter(Boolean);
    return said.length ? SM.el('ul', {}, said.map(function (item) { return SM.el('li', {}, cut(item)); })) : null;
  }

  function cut(text) { return String(text).length > LONG ? longText(text) : String(text); }

  function longText(text) {
    text = String(text);
    if (text.length <= LONG) { return SM.el('p', { 'class': 'sm-notes' }, text); }
    var body = SM.el('span', {}, text.slice(0, LONG) + ' \u2026');
    var more = SM.button(SM.t('show_all', { n: SM.number(text.length) }), function () {
      body.textContent = text;
      more.remove();
    }, { 'class': 'sm-link' });
    return SM.el('p', { 'class': 'sm-notes' }, [body, ' ', more]);
  }
})(window.SahelMap = window.SahelMap || {});
