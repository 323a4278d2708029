// What lies under the incidents? Countries, the regions of the chosen day, water, towns, the Liptako-Gourma.
(function (SM) {
  'use strict';
  var TOWN_ZOOM = [0, 4, 5.5, 6.5, 8, 9, 10, 11, 11, 11]; // the zoom from which a town of that rank is named
  var FADE = 0.006; // world units, about two degrees
  var OURS = { ML: 1, BF: 1, NE: 1 };

  // decoded ground (views/ground.py) -> the same with world coordinates
  SM.openGround = function (ground) {
    ['countries', 'admin1', 'rivers', 'lakes', 'liptako_gourma'].forEach(function (layer) {
      ground[layer] = (ground[layer] || []).map(SM.openShape);
    });
    ground.borders = ground.countries.map(function (country) { return withoutEdge(country, edgeOf(ground.countries)); });
    ground.admin1.forEach(function (unit) {
      unit.from = unit.valid_from ? SM.dayOf(unit.valid_from) : -Infinity;
      unit.to = unit.valid_to ? SM.dayOf(unit.valid_to) : Infinity;
    });
    ground.towns = (ground.towns || []).map(function (town) {
      return { name: town[0], x: SM.worldX(town[1]), y: SM.worldY(town[2]), population: town[3], rank: town[4] };
    }).sort(function (a, b) { return a.rank - b.rank || b.population - a.population; });
    return ground;
  };

  // the regions valid on that day
  SM.regionsOn = function (ground, day) {
    return ground.admin1.filter(function (unit) { return unit.from <= day && day <= unit.to; });
  };

  // canvas layer; shows: {regions, rivers, towns, liptako}
  SM.openGroundLayer = function (ground, shows) {
    var Ground = SM.Surface.extend({
      day: Infinity,
      shows: shows,
      names: null, // the layer of names, painted again with the ground
      shading: null, // paints regions between land and water, when the choropleth is on

      paint: function (context, view) {
        var ink = SM.style.ink, shows = this.shows;
        context.lineJoin = 'round';
        if (!shows.tiles) { fillCountries(context, view, ground, ink); }
        if (this.shading) { this.shading.paint(context, view); }
        if (shows.rivers) { paintWater(context, view, ground, ink); }
        if (shows.regions) { strokeAll(context, view, SM.regionsOn(ground, this.today()), ink.region, view.zoom > 6 ? 1.1 : 0.8, []); }
        strokeAll(context, view, ground.borders, ink.border, view.zoom > 6 ? 1.8 : 1.2, []);
        if (shows.liptako) { strokeAll(context, view, ground.liptako_gourma, ink.outline, 1.6, [7, 5]); }
        fadeEdge(context, view, edgeOf(ground.countries));
        if (this.names) { this.names.repaint(); }
      },

      today: function () { return this.day === Infinity ? Math.floor(Date.now() / 86400000) : this.day; },

      showDay: function (day) {
        if (day !== this.day) { this.day = day; this.repaint(); }
        return this;
      }
    });
    return new Ground({ pane: 'tilePane', padding: 0.3 });
  };

  // do these bounds (west, south, east, north in degrees) lie on the basemap?
  SM.holds = function (ground, bounds) {
    var edge = edgeOf(ground.countries);
    return Boolean(bounds) && SM.worldX(bounds[0]) >= edge[0] && SM.worldX(bounds[2]) <= edge[2] && SM.worldY(bounds[3]) >= edge[1] && SM.worldY(bounds[1]) <= edge[3];
  };

  // canvas layer of town, region and country names, which make way for the incidents' marks
  SM.openNamesLayer = function (ground, shows, groundLayer, incidents) {
    var Names = SM.Surface.extend({
      paint: function (context, view) {
        context.lineJoin = 'round';
        paintNames(context, view, ground, shows, SM.regionsOn(ground, groundLayer.today()), incidents.boxes(this._bounds.min));
      }
    });
    return new Names({ pane: 'tilePane', padding: 0.15 });
  };

  // the basemap ends in a fade, so that no border or river stops short
  function fadeEdge(context, view, edge) {
    var left = view.toX(edge[0]), top = view.toY(edge[1]), right = view.toX(edge[2]), bottom = view.toY(edge[3]), deep = FADE * view.scale;
    if (!isFinite(left) || (left + deep < 0 && top + deep < 0 && right - deep > view.width && bottom - deep > view.height)) { return; }
    context.save();
    context.globalCompositeOperation = 'destination-out';
    [[left - 2, 0, left + deep, 0], [right + 2, 0, right - deep, 0], [0, top - 2, 0, top + deep], [0, bottom + 2, 0, bottom - deep]].forEach(function (side) {
      var fade = context.createLinearGradient(side[0], side[1], side[2], side[3]), x = Math.min(side[0], side[2]), y = Math.min(side[1], side[3]);
      fade.addColorStop(0, 'rgba(0,0,0,1)');
      fade.addColorStop(1, 'rgba(0,0,0,0)');
      context.fillStyle = fade;
      if (side[1] === side[3]) { context.fillRect(x, top - 4, deep + 2, bottom - top + 8); } else { context.fillRect(left - 4, y, right - left + 8, deep + 2); }
    });
    context.restore();
  }

  function fillCountries(context, view, ground, ink) {
    ground.countries.forEach(function (country) {
      if (!SM.overlaps(country.box, view.box)) { return; }
      SM.traceShape(context, view, country);
      context.fillStyle = OURS[country.country] ? ink.land : ink.neighbour;
      context.fill('evenodd');
    });
  }

  function paintWater(context, view, ground, ink) {
    context.strokeStyle = ink.river;
    context.lineWidth = view.zoom > 7 ? 2 : 1.1;
    ground.rivers.forEach(function (river) {
      if (SM.overlaps(river.box, view.box)) { SM.traceShape(context, view, river); context.stroke(); }
    });
    context.fillStyle = ink.water;
    ground.lakes.forEach(function (lake) {
      if (SM.overlaps(lake.box, view.box)) { SM.traceShape(context, view, lake); context.fill('evenodd'); context.stroke(); }
    });
  }

  function strokeAll(context, view, shapes, colour, width, dash) {
    context.strokeStyle = colour;
    context.lineWidth = width;
    context.setLineDash(dash);
    shapes.forEach(function (shape) {
      if (SM.overlaps(shape.box, view.box)) { SM.traceShape(context, view, shape); context.stroke(); }
    });
    context.setLineDash([]);
  }

  function edgeOf(countries) {
    return countries.reduce(function (edge, country) {
      return [Math.min(edge[0], country.box[0]), Math.min(edge[1], country.box[1]), Math.max(edge[2], country.box[2]), Math.max(edge[3], country.box[3])];
    }, [Infinity, Infinity, -Infinity, -Infinity]);
  }

  // the country's outline without the steps that run along the basemap's own edge: there is no border there
  function withoutEdge(country, edge) {
    var parts = [];
    function onEdge(part, i) {
      return [0, 1].some(function (axis) {
        return [edge[axis], edge[axis + 2]].some(function (side) { return Math.abs(part[i + axis] - side) < 1e-5 && Math.abs(part[i + 2 + axis] - side) < 1e-5; });
      });
    }
    country.parts.forEach(function (part) {
      var from = 0;
      for (var i = 0; i + 3 < part.length; i += 2) {
        if (onEdge(part, i)) { parts.push(part.subarray(from, i + 2)); from = i + 2; }
      }
      parts.push(part.subarray(from));
    });
    return { box: country.box, closed: false, parts: parts.filter(function (part) { return part.length > 2; }) };
  }

  // names never overlap one another or a mark ({box, name}): the first that finds room stays
  function paintNames(context, view, ground, shows, regions, marks) {
    var taken = marks.map(function (mark) { return mark.box; }), said = new Set(marks.map(function (mark) { return mark.name; })), ink = SM.style.ink;
    context.textBaseline = 'middle';
    if (shows.towns) { ground.towns.forEach(function (town) { if (!said.has(town.name)) { paintTown(context, view, town, taken, ink, marks); } }); }
    context.textAlign = 'center';
    if (view.zoom < 8) {
      ground.countries.forEach(function (country) { paintAreaName(context, view, country, '600 13px', true, taken, ink); });
    }
    if (shows.regions && view.zoom >= 7) {
      regions.forEach(function (unit) { if (!said.has(unit.name)) { paintAreaName(context, view, unit, 'italic 12px', false, taken, ink); } });
    }
  }

  function paintTown(context, view, town, taken, ink, marks) {
    var x = view.toX(town.x), y = view.toY(town.y), big = town.rank <= 1;
    if (view.zoom < TOWN_ZOOM[Math.min(town.rank, 9)] || x < 0 || y < 0 || x > view.width || y > view.height) { return; }
    context.font = (big ? '600 12px ' : '11px ') + SM.fontSans;
    context.textAlign = 'left';
    var width = context.measureText(town.name).width, at = SM.roomFor(x, y, width, marks, taken);
    if (!at) { return; }
    taken.push(at.box);
    context.beginPath();
    context.arc(x, y, big ? 2.6 : 1.8, 0, 7);
    context.fillStyle = ink.text;
    context.fill();
    written(context, town.name, at.x, at.y, ink.text, ink.halo);
  }

  // where a town's name finds room: right of its dot or of the mark that stands on it, else left, above, below; null where nowhere
  SM.roomFor = function (x, y, width, marks, taken) {
    var dot = [x - 4, y - 4, x + 4, y + 4], own = marks.filter(function (mark) { return SM.overlaps(mark.box, dot); });
    var edge = own.reduce(function (all, mark) {
      return [Math.min(all[0], mark.box[0]), Math.min(all[1], mark.box[1]), Math.max(all[2], mark.box[2]), Math.max(all[3], mark.box[3])];
    }, dot);
    return [[edge[2] + 3, y], [edge[0] - 3 - width, y], [x - width / 2, edge[1] - 8], [x - width / 2, edge[3] + 8]].slice(0, own.length ? 4 : 1).map(function (at) {
      return { x: at[0], y: at[1], box: [at[0] - 1, at[1] - 7, at[0] + width + 1, at[1] + 7] };
    }).filter(function (at) { return !taken.some(function (other) { return SM.overlaps(at.box, other); }); })[0] || null;
  };

  function paintAreaName(context, view, area, font, spaced, taken, ink) {
    var name = area['name_' + SM.language] || area.name || '', at = middleOf(area);
    if (!name) { return; }
    var x = view.toX(at[0]), y = view.toY(at[1]), span = (area.box[2] - area.box[0]) * view.scale;
    context.font = font + ' ' + (spaced ? SM.fontSans : SM.fontSerif);
    var text = spaced ? name.toUpperCase().split('').join('\u200a\u200a') : name, width = context.measureText(text).width;
    if (width > span * 0.9 || x < 0 || y < 0 || x > view.width || y > view.height) { return; }
    if (isTaken(taken, [x - width / 2, y - 8, x + width / 2, y + 8])) { return; }
    written(context, text, x, y, spaced ? '#8a8371' : '#7d7665', ink.halo);
  }

  function written(context, text, x, y, colour, halo) {
    context.lineWidth = 3;
    context.strokeStyle = halo;
    context.strokeText(text, x, y);
    context.fillStyle = colour;
    context.fillText(text, x, y);
  }

  function isTaken(taken, box) {
    if (taken.some(function (other) { return SM.overlaps(box, other); })) { return true; }
    taken.push(box);
    return false;
  }

  // where a name is written: the centroid of the largest ring
  function middleOf(area) {
    if (area.middle) { return area.middle; }
    var best = 0, at = [(area.box[0] + area.box[2]) / 2, (area.box[1] + area.box[3]) / 2];
    area.parts.forEach(function (part) {
      var twice = 0, cx = 0, cy = 0;
      for (var i = 0; i + 3 < part.length; i += 2) {
        var cross = part[i] * part[i + 3] - part[i + 2] * part[i + 1];
        twice += cross;
        cx += (part[i] + part[i + 2]) * cross;
        cy += (part[i + 1] + part[i + 3]) * cross;
      }
      if (Math.abs(twice) > best) { best = Math.abs(twice); at = [cx / (3 * twice), cy / (3 * twice)]; }
    });
    area.middle = at;
    return at;
  }

  // is the point inside the shape? even-odd over all rings
  SM.isInside = function (shape, x, y) {
    var inside = false, box = shape.box;
    if (x < box[0] || x > box[2] || y < box[1] || y > box[3]) { return false; }
    shape.parts.forEach(function (part) {
      for (var i = 0, j = part.length - 2; i < part.length; j = i, i += 2) {
        if ((part[i + 1] > y) !== (part[j + 1] > y) && x < (part[j] - part[i]) * (y - part[i + 1]) / (part[j + 1] - part[i + 1]) + part[i]) {
          inside = !inside;
        }
      }
    });
    return inside;
  };
  // does a line of the shape pass within that distance (world units)?
  SM.isNear = function (shape, x, y, distance) {
    return shape.parts.some(function (part) {
      for (var i = 0; i + 3 < part.length; i += 2) {
        var dx = part[i + 2] - part[i], dy = part[i + 3] - part[i + 1], long = dx * dx + dy * dy;
        var t = long ? Math.max(0, Math.min(1, ((x - part[i]) * dx + (y - part[i + 1]) * dy) / long)) : 0;
        var fx = part[i] + t * dx - x, fy = part[i + 1] + t * dy - y;
        if (fx * fx + fy * fy < distance * distance) { return true; }
      }
      return false;
    });
  };

  SM.fontSans = '"Source Sans 3", "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif';
  SM.fontSerif = 'Charter, "Bitstream Charter", Georgia, "Liberation Serif", serif';
})(window.SahelMap = window.SahelMap || {});
