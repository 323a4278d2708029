// How does anything get into the document? Through these few functions, which know text and elements, never markup.
(function (SM) {
  'use strict';

  // el('p', {class: 'lead', onclick: f}, ['text', node]) - strings become text nodes
  SM.el = function (tag, attributes, children) {
    return fill(document.createElement(tag), attributes, children);
  };

  SM.svg = function (tag, attributes, children) {
    return fill(document.createElementNS('http://www.w3.org/2000/svg', tag), attributes, children);
  };

  // a link only where the address is an ordinary web address; anything else stays text
  SM.link = function (address, text) {
    var said = String(address === undefined || address === null ? '' : address);
    var safe = /^https?:\/\/[^\s"'<>\x60\\]+$/i.test(said);
    if (!safe) { return SM.el('span', {}, text || said); }
    return SM.el('a', { href: said, target: '_blank', rel: 'noopener noreferrer' }, text || said);
  };

  SM.clear = function (node) {
    while (node.firstChild) { node.removeChild(node.firstChild); }
    return node;
  };

  SM.button = function (text, action, attributes) {
    return SM.el('button', Object.assign({ type: 'button', onclick: action }, attributes || {}), text);
  };

  // calls f at most once a frame, with the last arguments
  SM.eachFrame = function (f) {
    var waiting = false, last;
    return function () {
      last = arguments;
      if (waiting) { return; }
      waiting = true;
      requestAnimationFrame(function () { waiting = false; f.apply(null, last); });
    };
  };

  SM.later = function (f, milliseconds) {
    var timer = 0;
    return function () {
      var args = arguments;
      clearTimeout(timer);
      timer = setTimeout(function () { f.apply(null, args); }, milliseconds);
    };
  };

  // announcements: on(name, f), tell(name, value)
  SM.Hub = function () { this.listeners = {}; };
  SM.Hub.prototype.on = function (name, f) { (this.listeners[name] = this.listeners[name] || []).push(f); return this; };
  SM.Hub.prototype.tell = function (name, value) { (this.listeners[name] || []).forEach(function (f) { f(value); }); };

  function fill(node, attributes, children) {
    Object.keys(attributes || {}).forEach(function (name) {
      var value = attributes[name];
      if (value === null || value === undefined || value === false) { return; }
      if (name.slice(0, 2) === 'on') { node.addEventListener(name.slice(2), value); }
      else { node.setAttribute(name, value === true ? '' : String(value)); }
    });
    append(node, children);
    return node;
  }

  function append(node, children) {
    if (children === null || children === undefined || children === false) { return; }
    if (Array.isArray(children)) { children.forEach(function (child) { append(node, child); }); return; }
    node.appendChild(children.nodeType ? children : document.createTextNode(String(children)));
  }
})(window.SahelMap = window.SahelMap || {});
