import { createRequire as __WEBPACK_EXTERNAL_createRequire } from "module";
/******/ var __webpack_modules__ = ({

/***/ 668:
/***/ ((module, __unused_webpack_exports, __nccwpck_require__) => {

/*!
 * negotiator
 * Copyright(c) 2012 Federico Romero
 * Copyright(c) 2012-2014 Isaac Z. Schlueter
 * Copyright(c) 2015 Douglas Christopher Wilson
 * MIT Licensed
 */



var preferredCharsets = __nccwpck_require__(9168)
var preferredEncodings = __nccwpck_require__(5111)
var preferredLanguages = __nccwpck_require__(6008)
var preferredMediaTypes = __nccwpck_require__(3672)

/**
 * Module exports.
 * @public
 */

module.exports = Negotiator;
module.exports.Negotiator = Negotiator;

/**
 * Create a Negotiator instance from a request.
 * @param {object} request
 * @public
 */

function Negotiator(request) {
  if (!(this instanceof Negotiator)) {
    return new Negotiator(request);
  }

  this.request = request;
}

Negotiator.prototype.charset = function charset(available) {
  var set = this.charsets(available);
  return set && set[0];
};

Negotiator.prototype.charsets = function charsets(available) {
  return preferredCharsets(this.request.headers['accept-charset'], available);
};

Negotiator.prototype.encoding = function encoding(available, opts) {
  var set = this.encodings(available, opts);
  return set && set[0];
};

Negotiator.prototype.encodings = function encodings(available, options) {
  var opts = options || {};
  return preferredEncodings(this.request.headers['accept-encoding'], available, opts.preferred);
};

Negotiator.prototype.language = function language(available) {
  var set = this.languages(available);
  return set && set[0];
};

Negotiator.prototype.languages = function languages(available) {
  return preferredLanguages(this.request.headers['accept-language'], available);
};

Negotiator.prototype.mediaType = function mediaType(available) {
  var set = this.mediaTypes(available);
  return set && set[0];
};

Negotiator.prototype.mediaTypes = function mediaTypes(available) {
  return preferredMediaTypes(this.request.headers.accept, available);
};

// Backwards compatibility
Negotiator.prototype.preferredCharset = Negotiator.prototype.charset;
Negotiator.prototype.preferredCharsets = Negotiator.prototype.charsets;
Negotiator.prototype.preferredEncoding = Negotiator.prototype.encoding;
Negotiator.prototype.preferredEncodings = Negotiator.prototype.encodings;
Negotiator.prototype.preferredLanguage = Negotiator.prototype.language;
Negotiator.prototype.preferredLanguages = Negotiator.prototype.languages;
Negotiator.prototype.preferredMediaType = Negotiator.prototype.mediaType;
Negotiator.prototype.preferredMediaTypes = Negotiator.prototype.mediaTypes;


/***/ }),

/***/ 9168:
/***/ ((module) => {

/**
 * negotiator
 * Copyright(c) 2012 Isaac Z. Schlueter
 * Copyright(c) 2014 Federico Romero
 * Copyright(c) 2014-2015 Douglas Christopher Wilson
 * MIT Licensed
 */



/**
 * Module exports.
 * @public
 */

module.exports = preferredCharsets;
module.exports.preferredCharsets = preferredCharsets;

/**
 * Module variables.
 * @private
 */

var simpleCharsetRegExp = /^\s*([^\s;]+)\s*(?:;(.*))?$/;

/**
 * Parse the Accept-Charset header.
 * @private
 */

function parseAcceptCharset(accept) {
  var accepts = accept.split(',');

  for (var i = 0, j = 0; i < accepts.length; i++) {
    var charset = parseCharset(accepts[i].trim(), i);

    if (charset) {
      accepts[j++] = charset;
    }
  }

  // trim accepts
  accepts.length = j;

  return accepts;
}

/**
 * Parse a charset from the Accept-Charset header.
 * @private
 */

function parseCharset(str, i) {
  var match = simpleCharsetRegExp.exec(str);
  if (!match) return null;

  var charset = match[1];
  var q = 1;
  if (match[2]) {
    var params = match[2].split(';')
    for (var j = 0; j < params.length; j++) {
      var p = params[j].trim().split('=');
      if (p[0] === 'q') {
        q = parseFloat(p[1]);
        break;
      }
    }
  }

  return {
    charset: charset,
    q: q,
    i: i
  };
}

/**
 * Get the priority of a charset.
 * @private
 */

function getCharsetPriority(charset, accepted, index) {
  var priority = {o: -1, q: 0, s: 0};

  for (var i = 0; i < accepted.length; i++) {
    var spec = specify(charset, accepted[i], index);

    if (spec && (priority.s - spec.s || priority.q - spec.q || priority.o - spec.o) < 0) {
      priority = spec;
    }
  }

  return priority;
}

/**
 * Get the specificity of the charset.
 * @private
 */

function specify(charset, spec, index) {
  var s = 0;
  if(spec.charset.toLowerCase() === charset.toLowerCase()){
    s |= 1;
  } else if (spec.charset !== '*' ) {
    return null
  }

  return {
    i: index,
    o: spec.i,
    q: spec.q,
    s: s
  }
}

/**
 * Get the preferred charsets from an Accept-Charset header.
 * @public
 */

function preferredCharsets(accept, provided) {
  // RFC 2616 sec 14.2: no header = *
  var accepts = parseAcceptCharset(accept === undefined ? '*' : accept || '');

  if (!provided) {
    // sorted list of all charsets
    return accepts
      .filter(isQuality)
      .sort(compareSpecs)
      .map(getFullCharset);
  }

  var priorities = provided.map(function getPriority(type, index) {
    return getCharsetPriority(type, accepts, index);
  });

  // sorted list of accepted charsets
  return priorities.filter(isQuality).sort(compareSpecs).map(function getCharset(priority) {
    return provided[priorities.indexOf(priority)];
  });
}

/**
 * Compare two specs.
 * @private
 */

function compareSpecs(a, b) {
  return (b.q - a.q) || (b.s - a.s) || (a.o - b.o) || (a.i - b.i) || 0;
}

/**
 * Get full charset string.
 * @private
 */

function getFullCharset(spec) {
  return spec.charset;
}

/**
 * Check if a spec has any quality.
 * @private
 */

function isQuality(spec) {
  return spec.q > 0;
}


/***/ }),

/***/ 5111:
/***/ ((module) => {

/**
 * negotiator
 * Copyright(c) 2012 Isaac Z. Schlueter
 * Copyright(c) 2014 Federico Romero
 * Copyright(c) 2014-2015 Douglas Christopher Wilson
 * MIT Licensed
 */



/**
 * Module exports.
 * @public
 */

module.exports = preferredEncodings;
module.exports.preferredEncodings = preferredEncodings;

/**
 * Module variables.
 * @private
 */

var simpleEncodingRegExp = /^\s*([^\s;]+)\s*(?:;(.*))?$/;

/**
 * Parse the Accept-Encoding header.
 * @private
 */

function parseAcceptEncoding(accept) {
  var accepts = accept.split(',');
  var hasIdentity = false;
  var minQuality = 1;

  for (var i = 0, j = 0; i < accepts.length; i++) {
    var encoding = parseEncoding(accepts[i].trim(), i);

    if (encoding) {
      accepts[j++] = encoding;
      hasIdentity = hasIdentity || specify('identity', encoding);
      minQuality = Math.min(minQuality, encoding.q || 1);
    }
  }

  if (!hasIdentity) {
    /*
     * If identity doesn't explicitly appear in the accept-encoding header,
     * it's added to the list of acceptable encoding with the lowest q
     */
    accepts[j++] = {
      encoding: 'identity',
      q: minQuality,
      i: i
    };
  }

  // trim accepts
  accepts.length = j;

  return accepts;
}

/**
 * Parse an encoding from the Accept-Encoding header.
 * @private
 */

function parseEncoding(str, i) {
  var match = simpleEncodingRegExp.exec(str);
  if (!match) return null;

  var encoding = match[1];
  var q = 1;
  if (match[2]) {
    var params = match[2].split(';');
    for (var j = 0; j < params.length; j++) {
      var p = params[j].trim().split('=');
      if (p[0] === 'q') {
        q = parseFloat(p[1]);
        break;
      }
    }
  }

  return {
    encoding: encoding,
    q: q,
    i: i
  };
}

/**
 * Get the priority of an encoding.
 * @private
 */

function getEncodingPriority(encoding, accepted, index) {
  var priority = {encoding: encoding, o: -1, q: 0, s: 0};

  for (var i = 0; i < accepted.length; i++) {
    var spec = specify(encoding, accepted[i], index);

    if (spec && (priority.s - spec.s || priority.q - spec.q || priority.o - spec.o) < 0) {
      priority = spec;
    }
  }

  return priority;
}

/**
 * Get the specificity of the encoding.
 * @private
 */

function specify(encoding, spec, index) {
  var s = 0;
  if(spec.encoding.toLowerCase() === encoding.toLowerCase()){
    s |= 1;
  } else if (spec.encoding !== '*' ) {
    return null
  }

  return {
    encoding: encoding,
    i: index,
    o: spec.i,
    q: spec.q,
    s: s
  }
};

/**
 * Get the preferred encodings from an Accept-Encoding header.
 * @public
 */

function preferredEncodings(accept, provided, preferred) {
  var accepts = parseAcceptEncoding(accept || '');

  var comparator = preferred ? function comparator (a, b) {
    if (a.q !== b.q) {
      return b.q - a.q // higher quality first
    }

    var aPreferred = preferred.indexOf(a.encoding)
    var bPreferred = preferred.indexOf(b.encoding)

    if (aPreferred === -1 && bPreferred === -1) {
      // consider the original specifity/order
      return (b.s - a.s) || (a.o - b.o) || (a.i - b.i)
    }

    if (aPreferred !== -1 && bPreferred !== -1) {
      return aPreferred - bPreferred // consider the preferred order
    }

    return aPreferred === -1 ? 1 : -1 // preferred first
  } : compareSpecs;

  if (!provided) {
    // sorted list of all encodings
    return accepts
      .filter(isQuality)
      .sort(comparator)
      .map(getFullEncoding);
  }

  var priorities = provided.map(function getPriority(type, index) {
    return getEncodingPriority(type, accepts, index);
  });

  // sorted list of accepted encodings
  return priorities.filter(isQuality).sort(comparator).map(function getEncoding(priority) {
    return provided[priorities.indexOf(priority)];
  });
}

/**
 * Compare two specs.
 * @private
 */

function compareSpecs(a, b) {
  return (b.q - a.q) || (b.s - a.s) || (a.o - b.o) || (a.i - b.i);
}

/**
 * Get full encoding string.
 * @private
 */

function getFullEncoding(spec) {
  return spec.encoding;
}

/**
 * Check if a spec has any quality.
 * @private
 */

function isQuality(spec) {
  return spec.q > 0;
}


/***/ }),

/***/ 6008:
/***/ ((module) => {

/**
 * negotiator
 * Copyright(c) 2012 Isaac Z. Schlueter
 * Copyright(c) 2014 Federico Romero
 * Copyright(c) 2014-2015 Douglas Christopher Wilson
 * MIT Licensed
 */



/**
 * Module exports.
 * @public
 */

module.exports = preferredLanguages;
module.exports.preferredLanguages = preferredLanguages;

/**
 * Module variables.
 * @private
 */

var simpleLanguageRegExp = /^\s*([^\s\-;]+)(?:-([^\s;]+))?\s*(?:;(.*))?$/;

/**
 * Parse the Accept-Language header.
 * @private
 */

function parseAcceptLanguage(accept) {
  var accepts = accept.split(',');

  for (var i = 0, j = 0; i < accepts.length; i++) {
    var language = parseLanguage(accepts[i].trim(), i);

    if (language) {
      accepts[j++] = language;
    }
  }

  // trim accepts
  accepts.length = j;

  return accepts;
}

/**
 * Parse a language from the Accept-Language header.
 * @private
 */

function parseLanguage(str, i) {
  var match = simpleLanguageRegExp.exec(str);
  if (!match) return null;

  var prefix = match[1]
  var suffix = match[2]
  var full = prefix

  if (suffix) full += "-" + suffix;

  var q = 1;
  if (match[3]) {
    var params = match[3].split(';')
    for (var j = 0; j < params.length; j++) {
      var p = params[j].split('=');
      if (p[0] === 'q') q = parseFloat(p[1]);
    }
  }

  return {
    prefix: prefix,
    suffix: suffix,
    q: q,
    i: i,
    full: full
  };
}

/**
 * Get the priority of a language.
 * @private
 */

function getLanguagePriority(language, accepted, index) {
  var priority = {o: -1, q: 0, s: 0};

  for (var i = 0; i < accepted.length; i++) {
    var spec = specify(language, accepted[i], index);

    if (spec && (priority.s - spec.s || priority.q - spec.q || priority.o - spec.o) < 0) {
      priority = spec;
    }
  }

  return priority;
}

/**
 * Get the specificity of the language.
 * @private
 */

function specify(language, spec, index) {
  var p = parseLanguage(language)
  if (!p) return null;
  var s = 0;
  if(spec.full.toLowerCase() === p.full.toLowerCase()){
    s |= 4;
  } else if (spec.prefix.toLowerCase() === p.full.toLowerCase()) {
    s |= 2;
  } else if (spec.full.toLowerCase() === p.prefix.toLowerCase()) {
    s |= 1;
  } else if (spec.full !== '*' ) {
    return null
  }

  return {
    i: index,
    o: spec.i,
    q: spec.q,
    s: s
  }
};

/**
 * Get the preferred languages from an Accept-Language header.
 * @public
 */

function preferredLanguages(accept, provided) {
  // RFC 2616 sec 14.4: no header = *
  var accepts = parseAcceptLanguage(accept === undefined ? '*' : accept || '');

  if (!provided) {
    // sorted list of all languages
    return accepts
      .filter(isQuality)
      .sort(compareSpecs)
      .map(getFullLanguage);
  }

  var priorities = provided.map(function getPriority(type, index) {
    return getLanguagePriority(type, accepts, index);
  });

  // sorted list of accepted languages
  return priorities.filter(isQuality).sort(compareSpecs).map(function getLanguage(priority) {
    return provided[priorities.indexOf(priority)];
  });
}

/**
 * Compare two specs.
 * @private
 */

function compareSpecs(a, b) {
  return (b.q - a.q) || (b.s - a.s) || (a.o - b.o) || (a.i - b.i) || 0;
}

/**
 * Get full language string.
 * @private
 */

function getFullLanguage(spec) {
  return spec.full;
}

/**
 * Check if a spec has any quality.
 * @private
 */

function isQuality(spec) {
  return spec.q > 0;
}


/***/ }),

/***/ 3672:
/***/ ((module) => {

/**
 * negotiator
 * Copyright(c) 2012 Isaac Z. Schlueter
 * Copyright(c) 2014 Federico Romero
 * Copyright(c) 2014-2015 Douglas Christopher Wilson
 * MIT Licensed
 */



/**
 * Module exports.
 * @public
 */

module.exports = preferredMediaTypes;
module.exports.preferredMediaTypes = preferredMediaTypes;

/**
 * Module variables.
 * @private
 */

var simpleMediaTypeRegExp = /^\s*([^\s\/;]+)\/([^;\s]+)\s*(?:;(.*))?$/;

/**
 * Parse the Accept header.
 * @private
 */

function parseAccept(accept) {
  var accepts = splitMediaTypes(accept);

  for (var i = 0, j = 0; i < accepts.length; i++) {
    var mediaType = parseMediaType(accepts[i].trim(), i);

    if (mediaType) {
      accepts[j++] = mediaType;
    }
  }

  // trim accepts
  accepts.length = j;

  return accepts;
}

/**
 * Parse a media type from the Accept header.
 * @private
 */

function parseMediaType(str, i) {
  var match = simpleMediaTypeRegExp.exec(str);
  if (!match) return null;

  var params = Object.create(null);
  var q = 1;
  var subtype = match[2];
  var type = match[1];

  if (match[3]) {
    var kvps = splitParameters(match[3]).map(splitKeyValuePair);

    for (var j = 0; j < kvps.length; j++) {
      var pair = kvps[j];
      var key = pair[0].toLowerCase();
      var val = pair[1];

      // get the value, unwrapping quotes
      var value = val && val[0] === '"' && val[val.length - 1] === '"'
        ? val.slice(1, -1)
        : val;

      if (key === 'q') {
        q = parseFloat(value);
        break;
      }

      // store parameter
      params[key] = value;
    }
  }

  return {
    type: type,
    subtype: subtype,
    params: params,
    q: q,
    i: i
  };
}

/**
 * Get the priority of a media type.
 * @private
 */

function getMediaTypePriority(type, accepted, index) {
  var priority = {o: -1, q: 0, s: 0};

  for (var i = 0; i < accepted.length; i++) {
    var spec = specify(type, accepted[i], index);

    if (spec && (priority.s - spec.s || priority.q - spec.q || priority.o - spec.o) < 0) {
      priority = spec;
    }
  }

  return priority;
}

/**
 * Get the specificity of the media type.
 * @private
 */

function specify(type, spec, index) {
  var p = parseMediaType(type);
  var s = 0;

  if (!p) {
    return null;
  }

  if(spec.type.toLowerCase() == p.type.toLowerCase()) {
    s |= 4
  } else if(spec.type != '*') {
    return null;
  }

  if(spec.subtype.toLowerCase() == p.subtype.toLowerCase()) {
    s |= 2
  } else if(spec.subtype != '*') {
    return null;
  }

  var keys = Object.keys(spec.params);
  if (keys.length > 0) {
    if (keys.every(function (k) {
      return spec.params[k] == '*' || (spec.params[k] || '').toLowerCase() == (p.params[k] || '').toLowerCase();
    })) {
      s |= 1
    } else {
      return null
    }
  }

  return {
    i: index,
    o: spec.i,
    q: spec.q,
    s: s,
  }
}

/**
 * Get the preferred media types from an Accept header.
 * @public
 */

function preferredMediaTypes(accept, provided) {
  // RFC 2616 sec 14.2: no header = */*
  var accepts = parseAccept(accept === undefined ? '*/*' : accept || '');

  if (!provided) {
    // sorted list of all types
    return accepts
      .filter(isQuality)
      .sort(compareSpecs)
      .map(getFullType);
  }

  var priorities = provided.map(function getPriority(type, index) {
    return getMediaTypePriority(type, accepts, index);
  });

  // sorted list of accepted types
  return priorities.filter(isQuality).sort(compareSpecs).map(function getType(priority) {
    return provided[priorities.indexOf(priority)];
  });
}

/**
 * Compare two specs.
 * @private
 */

function compareSpecs(a, b) {
  return (b.q - a.q) || (b.s - a.s) || (a.o - b.o) || (a.i - b.i) || 0;
}

/**
 * Get full type string.
 * @private
 */

function getFullType(spec) {
  return spec.type + '/' + spec.subtype;
}

/**
 * Check if a spec has any quality.
 * @private
 */

function isQuality(spec) {
  return spec.q > 0;
}

/**
 * Count the number of quotes in a string.
 * @private
 */

function quoteCount(string) {
  var count = 0;
  var index = 0;

  while ((index = string.indexOf('"', index)) !== -1) {
    count++;
    index++;
  }

  return count;
}

/**
 * Split a key value pair.
 * @private
 */

function splitKeyValuePair(str) {
  var index = str.indexOf('=');
  var key;
  var val;

  if (index === -1) {
    key = str;
  } else {
    key = str.slice(0, index);
    val = str.slice(index + 1);
  }

  return [key, val];
}

/**
 * Split an Accept header into media types.
 * @private
 */

function splitMediaTypes(accept) {
  var accepts = accept.split(',');

  for (var i = 1, j = 0; i < accepts.length; i++) {
    if (quoteCount(accepts[j]) % 2 == 0) {
      accepts[++j] = accepts[i];
    } else {
      accepts[j] += ',' + accepts[i];
    }
  }

  // trim accepts
  accepts.length = j + 1;

  return accepts;
}

/**
 * Split a string of parameters.
 * @private
 */

function splitParameters(str) {
  var parameters = str.split(';');

  for (var i = 1, j = 0; i < parameters.length; i++) {
    if (quoteCount(parameters[j]) % 2 == 0) {
      parameters[++j] = parameters[i];
    } else {
      parameters[j] += ';' + parameters[i];
    }
  }

  // trim parameters
  parameters.length = j + 1;

  for (var i = 0; i < parameters.length; i++) {
    parameters[i] = parameters[i].trim();
  }

  return parameters;
}


/***/ }),

/***/ 3313:
/***/ ((module) => {

module.exports = Pend;

function Pend() {
  this.pending = 0;
  this.max = Infinity;
  this.listeners = [];
  this.waiting = [];
  this.error = null;
}

Pend.prototype.go = function(fn) {
  if (this.pending < this.max) {
    pendGo(this, fn);
  } else {
    this.waiting.push(fn);
  }
};

Pend.prototype.wait = function(cb) {
  if (this.pending === 0) {
    cb(this.error);
  } else {
    this.listeners.push(cb);
  }
};

Pend.prototype.hold = function() {
  return pendHold(this);
};

function pendHold(self) {
  self.pending += 1;
  var called = false;
  return onCb;
  function onCb(err) {
    if (called) throw new Error("callback called twice");
    called = true;
    self.error = self.error || err;
    self.pending -= 1;
    if (self.waiting.length > 0 && self.pending < self.max) {
      pendGo(self, self.waiting.shift());
    } else if (self.pending === 0) {
      var listeners = self.listeners;
      self.listeners = [];
      listeners.forEach(cbListener);
    }
  }
  function cbListener(listener) {
    listener(self.error);
  }
}

function pendGo(self, fn) {
  fn(pendHold(self));
}


/***/ }),

/***/ 4248:
/***/ ((module) => {

// Adapted from https://github.com/brianloveswords/buffer-crc32/blob/v0.2.13/index.js
const CRC_TABLE = new Int32Array([
  0x00000000, 0x77073096, 0xee0e612c, 0x990951ba, 0x076dc419, 0x706af48f, 0xe963a535, 0x9e6495a3,
  0x0edb8832, 0x79dcb8a4, 0xe0d5e91e, 0x97d2d988, 0x09b64c2b, 0x7eb17cbd, 0xe7b82d07, 0x90bf1d91,
  0x1db71064, 0x6ab020f2, 0xf3b97148, 0x84be41de, 0x1adad47d, 0x6ddde4eb, 0xf4d4b551, 0x83d385c7,
  0x136c9856, 0x646ba8c0, 0xfd62f97a, 0x8a65c9ec, 0x14015c4f, 0x63066cd9, 0xfa0f3d63, 0x8d080df5,
  0x3b6e20c8, 0x4c69105e, 0xd56041e4, 0xa2677172, 0x3c03e4d1, 0x4b04d447, 0xd20d85fd, 0xa50ab56b,
  0x35b5a8fa, 0x42b2986c, 0xdbbbc9d6, 0xacbcf940, 0x32d86ce3, 0x45df5c75, 0xdcd60dcf, 0xabd13d59,
  0x26d930ac, 0x51de003a, 0xc8d75180, 0xbfd06116, 0x21b4f4b5, 0x56b3c423, 0xcfba9599, 0xb8bda50f,
  0x2802b89e, 0x5f058808, 0xc60cd9b2, 0xb10be924, 0x2f6f7c87, 0x58684c11, 0xc1611dab, 0xb6662d3d,
  0x76dc4190, 0x01db7106, 0x98d220bc, 0xefd5102a, 0x71b18589, 0x06b6b51f, 0x9fbfe4a5, 0xe8b8d433,
  0x7807c9a2, 0x0f00f934, 0x9609a88e, 0xe10e9818, 0x7f6a0dbb, 0x086d3d2d, 0x91646c97, 0xe6635c01,
  0x6b6b51f4, 0x1c6c6162, 0x856530d8, 0xf262004e, 0x6c0695ed, 0x1b01a57b, 0x8208f4c1, 0xf50fc457,
  0x65b0d9c6, 0x12b7e950, 0x8bbeb8ea, 0xfcb9887c, 0x62dd1ddf, 0x15da2d49, 0x8cd37cf3, 0xfbd44c65,
  0x4db26158, 0x3ab551ce, 0xa3bc0074, 0xd4bb30e2, 0x4adfa541, 0x3dd895d7, 0xa4d1c46d, 0xd3d6f4fb,
  0x4369e96a, 0x346ed9fc, 0xad678846, 0xda60b8d0, 0x44042d73, 0x33031de5, 0xaa0a4c5f, 0xdd0d7cc9,
  0x5005713c, 0x270241aa, 0xbe0b1010, 0xc90c2086, 0x5768b525, 0x206f85b3, 0xb966d409, 0xce61e49f,
  0x5edef90e, 0x29d9c998, 0xb0d09822, 0xc7d7a8b4, 0x59b33d17, 0x2eb40d81, 0xb7bd5c3b, 0xc0ba6cad,
  0xedb88320, 0x9abfb3b6, 0x03b6e20c, 0x74b1d29a, 0xead54739, 0x9dd277af, 0x04db2615, 0x73dc1683,
  0xe3630b12, 0x94643b84, 0x0d6d6a3e, 0x7a6a5aa8, 0xe40ecf0b, 0x9309ff9d, 0x0a00ae27, 0x7d079eb1,
  0xf00f9344, 0x8708a3d2, 0x1e01f268, 0x6906c2fe, 0xf762575d, 0x806567cb, 0x196c3671, 0x6e6b06e7,
  0xfed41b76, 0x89d32be0, 0x10da7a5a, 0x67dd4acc, 0xf9b9df6f, 0x8ebeeff9, 0x17b7be43, 0x60b08ed5,
  0xd6d6a3e8, 0xa1d1937e, 0x38d8c2c4, 0x4fdff252, 0xd1bb67f1, 0xa6bc5767, 0x3fb506dd, 0x48b2364b,
  0xd80d2bda, 0xaf0a1b4c, 0x36034af6, 0x41047a60, 0xdf60efc3, 0xa867df55, 0x316e8eef, 0x4669be79,
  0xcb61b38c, 0xbc66831a, 0x256fd2a0, 0x5268e236, 0xcc0c7795, 0xbb0b4703, 0x220216b9, 0x5505262f,
  0xc5ba3bbe, 0xb2bd0b28, 0x2bb45a92, 0x5cb36a04, 0xc2d7ffa7, 0xb5d0cf31, 0x2cd99e8b, 0x5bdeae1d,
  0x9b64c2b0, 0xec63f226, 0x756aa39c, 0x026d930a, 0x9c0906a9, 0xeb0e363f, 0x72076785, 0x05005713,
  0x95bf4a82, 0xe2b87a14, 0x7bb12bae, 0x0cb61b38, 0x92d28e9b, 0xe5d5be0d, 0x7cdcefb7, 0x0bdbdf21,
  0x86d3d2d4, 0xf1d4e242, 0x68ddb3f8, 0x1fda836e, 0x81be16cd, 0xf6b9265b, 0x6fb077e1, 0x18b74777,
  0x88085ae6, 0xff0f6a70, 0x66063bca, 0x11010b5c, 0x8f659eff, 0xf862ae69, 0x616bffd3, 0x166ccf45,
  0xa00ae278, 0xd70dd2ee, 0x4e048354, 0x3903b3c2, 0xa7672661, 0xd06016f7, 0x4969474d, 0x3e6e77db,
  0xaed16a4a, 0xd9d65adc, 0x40df0b66, 0x37d83bf0, 0xa9bcae53, 0xdebb9ec5, 0x47b2cf7f, 0x30b5ffe9,
  0xbdbdf21c, 0xcabac28a, 0x53b39330, 0x24b4a3a6, 0xbad03605, 0xcdd70693, 0x54de5729, 0x23d967bf,
  0xb3667a2e, 0xc4614ab8, 0x5d681b02, 0x2a6f2b94, 0xb40bbe37, 0xc30c8ea1, 0x5a05df1b, 0x2d02ef8d,
]);

function crc32(buf) {
  let crc = -1;
  for (let x of buf) {
    crc = CRC_TABLE[(crc ^ x) & 0xff] ^ (crc >>> 8);
  }
  return (crc ^ -1) >>> 0;
}

module.exports = crc32;


/***/ }),

/***/ 3502:
/***/ ((__unused_webpack_module, exports, __nccwpck_require__) => {

// This was adapted from https://github.com/andrewrk/node-fd-slicer by Andrew Kelley under the MIT License.
var fs = __nccwpck_require__(9896);
var util = __nccwpck_require__(9023);
var stream = __nccwpck_require__(2203);
var Readable = stream.Readable;
var PassThrough = stream.PassThrough;
var Pend = __nccwpck_require__(3313);
var EventEmitter = (__nccwpck_require__(4434).EventEmitter);

exports.BufferSlicer = BufferSlicer;
exports.FdSlicer = FdSlicer;

util.inherits(FdSlicer, EventEmitter);
function FdSlicer(fd) {
  EventEmitter.call(this);

  this.fd = fd;
  this.pend = new Pend();
  this.pend.max = 1;
  this.refCount = 0;
}

FdSlicer.prototype.read = function(buffer, offset, length, position, callback) {
  var self = this;
  self.pend.go(function(cb) {
    fs.read(self.fd, buffer, offset, length, position, function(err, bytesRead, buffer) {
      cb();
      callback(err, bytesRead, buffer);
    });
  });
};

FdSlicer.prototype.createReadStream = function(options) {
  return new ReadStream(this, options);
};

FdSlicer.prototype.ref = function() {
  this.refCount += 1;
};

FdSlicer.prototype.unref = function() {
  var self = this;
  self.refCount -= 1;
  if (self.refCount < 0) throw new Error("invalid unref");
  if (self.refCount > 0) return;

  fs.close(self.fd, onCloseDone);

  function onCloseDone(err) {
    if (err) {
      self.emit('error', err);
    } else {
      self.emit('close');
    }
  }
};

util.inherits(ReadStream, Readable);
function ReadStream(context, options) {
  options = options || {};
  Readable.call(this, options);

  this.context = context;
  this.context.ref();

  this.start = options.start || 0;
  this.endOffset = options.end;
  this.pos = this.start;
}

ReadStream.prototype._read = function(n) {
  var self = this;

  var toRead = Math.min(self._readableState.highWaterMark, n);
  if (self.endOffset != null) {
    toRead = Math.min(toRead, self.endOffset - self.pos);
  }
  if (toRead <= 0) {
    self.push(null);
    this._cleanup();
    return;
  }
  self.context.pend.go(function(cb) {
    var buffer = Buffer.allocUnsafe(toRead);
    fs.read(self.context.fd, buffer, 0, toRead, self.pos, function(err, bytesRead) {
      if (err) {
        self.destroy(err);
      } else if (bytesRead === 0) {
        self.push(null);
        self._cleanup();
      } else {
        self.pos += bytesRead;
        self.push(buffer.slice(0, bytesRead));
      }
      cb();
    });
  });
};

ReadStream.prototype._destroy = function(err, cb) {
  // Node 14+ calls this automatically at EOF.
  this._cleanup();
  cb(err);
};

ReadStream.prototype._cleanup = function() {
  if (this.context != null) {
    this.context.unref();
    this.context = null;
  }
};

util.inherits(BufferSlicer, EventEmitter);
function BufferSlicer(buffer) {
  EventEmitter.call(this);

  this.refCount = 0;
  this.buffer = buffer;
}

BufferSlicer.prototype.read = function(buffer, offset, length, position, callback) {
  if (!(0 <= offset && offset <= buffer.length)) throw new RangeError("offset outside buffer: 0 <= " + offset + " <= " + buffer.length);
  if (position < 0) throw new RangeError("position is negative: " + position);
  if (offset + length > buffer.length) {
    // The caller's buffer can't hold all the bytes they're trying to read.
    // Clamp the length instead of giving an error.
    // The callback will be informed of fewer than expected bytes written.
    length = buffer.length - offset;
  }
  if (position + length > this.buffer.length) {
    // Clamp any attempt to read past the end of the source buffer.
    length = this.buffer.length - position;
  }
  if (length <= 0) {
    // After any clamping, we're fully out of bounds or otherwise have nothing to do.
    // This isn't an error; it's just zero bytes written.
    setImmediate(function() {
      callback(null, 0);
    });
    return;
  }
  this.buffer.copy(buffer, offset, position, position + length);
  setImmediate(function() {
    callback(null, length);
  });
};

BufferSlicer.prototype.createReadStream = function(options) {
  options = options || {};
  var readStream = new PassThrough(options);
  readStream.start = options.start || 0;
  readStream.endOffset = options.end;
  // by the time this function returns, we'll be done.
  readStream.pos = readStream.endOffset || this.buffer.length;

  var entireSlice = this.buffer.slice(readStream.start, readStream.pos);
  // Cut the buffer into smaller slices for better memory usage when streaming into a zlib inflate stream.
  // See https://github.com/thejoshwolfe/yauzl/issues/87
  var maxChunkSize = 0x10000;
  var offset = 0;
  while (true) {
    var nextOffset = offset + maxChunkSize;
    if (nextOffset >= entireSlice.length) {
      // last chunk
      if (offset < entireSlice.length) {
        readStream.write(entireSlice.slice(offset, entireSlice.length));
      }
      break;
    }
    readStream.write(entireSlice.slice(offset, nextOffset));
    offset = nextOffset;
  }

  readStream.end();
  return readStream;
};

BufferSlicer.prototype.ref = function() {
  this.refCount += 1;
};

BufferSlicer.prototype.unref = function() {
  this.refCount -= 1;

  if (this.refCount < 0) {
    throw new Error("invalid unref");
  }
};


/***/ }),

/***/ 663:
/***/ ((__unused_webpack_module, exports, __nccwpck_require__) => {

var __webpack_unused_export__;
var fs = __nccwpck_require__(9896);
var zlib = __nccwpck_require__(3106);
var fd_slicer = __nccwpck_require__(3502);
var util = __nccwpck_require__(9023);
var EventEmitter = (__nccwpck_require__(4434).EventEmitter);
var Transform = (__nccwpck_require__(2203).Transform);
var PassThrough = (__nccwpck_require__(2203).PassThrough);
var Writable = (__nccwpck_require__(2203).Writable);

// Node 20 added zlib.crc32.
const crc32 = typeof zlib.crc32 === "function" ? zlib.crc32 : __nccwpck_require__(4248);

__webpack_unused_export__ = open;
__webpack_unused_export__ = fromFd;
__webpack_unused_export__ = fromBuffer;
__webpack_unused_export__ = fromRandomAccessReader;
__webpack_unused_export__ = openPromise;
__webpack_unused_export__ = fromFdPromise;
__webpack_unused_export__ = fromBufferPromise;
exports.or = fromRandomAccessReaderPromise;

__webpack_unused_export__ = dosDateTimeToDate;
__webpack_unused_export__ = getFileNameLowLevel;
__webpack_unused_export__ = validateFileName;
__webpack_unused_export__ = parseExtraFields;
__webpack_unused_export__ = ZipFile;
__webpack_unused_export__ = Entry;
__webpack_unused_export__ = LocalFileHeader;
exports.lJ = RandomAccessReader;

function openPromise(path, options) {
  return new Promise((resolve, reject) => {
    open(path, {...options, lazyEntries: true}, function(err, zipfile) {
      if (err) return reject(err);
      resolve(zipfile);
    });
  });
}
function fromFdPromise(fd, options) {
  return new Promise((resolve, reject) => {
    fromFd(fd, {...options, lazyEntries: true}, function(err, zipfile) {
      if (err) return reject(err);
      resolve(zipfile);
    });
  });
}
function fromBufferPromise(buffer, options) {
  return new Promise((resolve, reject) => {
    fromBuffer(buffer, {...options, lazyEntries: true}, function(err, zipfile) {
      if (err) return reject(err);
      resolve(zipfile);
    });
  });
}
function fromRandomAccessReaderPromise(reader, totalSize, options) {
  return new Promise((resolve, reject) => {
    fromRandomAccessReader(reader, totalSize, {...options, lazyEntries: true}, function(err, zipfile) {
      if (err) return reject(err);
      resolve(zipfile);
    });
  });
}

function open(path, options, callback) {
  if (typeof options === "function") {
    callback = options;
    options = null;
  }
  if (options == null) options = {};
  if (options.autoClose == null) options.autoClose = true;
  if (options.lazyEntries == null) options.lazyEntries = false;
  if (options.decodeStrings == null) options.decodeStrings = true;
  if (options.validateEntrySizes == null) options.validateEntrySizes = true;
  if (options.strictFileNames == null) options.strictFileNames = false;
  if (callback == null) callback = defaultCallback;
  fs.open(path, "r", function(err, fd) {
    if (err) return callback(err);
    fromFd(fd, options, function(err, zipfile) {
      if (err) fs.close(fd, defaultCallback);
      callback(err, zipfile);
    });
  });
}

function fromFd(fd, options, callback) {
  if (typeof options === "function") {
    callback = options;
    options = null;
  }
  if (options == null) options = {};
  if (options.autoClose == null) options.autoClose = false;
  if (options.lazyEntries == null) options.lazyEntries = false;
  if (options.decodeStrings == null) options.decodeStrings = true;
  if (options.validateEntrySizes == null) options.validateEntrySizes = true;
  if (options.strictFileNames == null) options.strictFileNames = false;
  if (callback == null) callback = defaultCallback;
  fs.fstat(fd, function(err, stats) {
    if (err) return callback(err);
    var reader = new fd_slicer.FdSlicer(fd);
    fromRandomAccessReader(reader, stats.size, options, callback);
  });
}

function fromBuffer(buffer, options, callback) {
  if (typeof options === "function") {
    callback = options;
    options = null;
  }
  if (options == null) options = {};
  options.autoClose = false;
  if (options.lazyEntries == null) options.lazyEntries = false;
  if (options.decodeStrings == null) options.decodeStrings = true;
  if (options.validateEntrySizes == null) options.validateEntrySizes = true;
  if (options.strictFileNames == null) options.strictFileNames = false;
  var reader = new fd_slicer.BufferSlicer(buffer);
  fromRandomAccessReader(reader, buffer.length, options, callback);
}

function fromRandomAccessReader(reader, totalSize, options, callback) {
  if (typeof options === "function") {
    callback = options;
    options = null;
  }
  if (options == null) options = {};
  if (options.autoClose == null) options.autoClose = true;
  if (options.lazyEntries == null) options.lazyEntries = false;
  if (options.decodeStrings == null) options.decodeStrings = true;
  var decodeStrings = !!options.decodeStrings;
  if (options.validateEntrySizes == null) options.validateEntrySizes = true;
  if (options.strictFileNames == null) options.strictFileNames = false;
  if (callback == null) callback = defaultCallback;
  if (typeof totalSize !== "number") throw new Error("expected totalSize parameter to be a number");
  if (totalSize > Number.MAX_SAFE_INTEGER) {
    throw new Error("zip file too large. only file sizes up to 2^52 are supported due to JavaScript's Number type being an IEEE 754 double.");
  }

  // the matching unref() call is in zipfile.close()
  reader.ref();

  // eocdr means End of Central Directory Record.
  // search backwards for the eocdr signature.
  // the last field of the eocdr is a variable-length comment.
  // the comment size is encoded in a 2-byte field in the eocdr, which we can't find without trudging backwards through the comment to find it.
  // as a consequence of this design decision, it's possible to have ambiguous zip file metadata if a coherent eocdr was in the comment.
  // we search backwards for a eocdr signature, and hope that whoever made the zip file was smart enough to forbid the eocdr signature in the comment.
  var eocdrWithoutCommentSize = 22;
  var zip64EocdlSize = 20; // Zip64 end of central directory locator
  var maxCommentSize = 0xffff; // 2-byte size
  var bufferSize = Math.min(zip64EocdlSize + eocdrWithoutCommentSize + maxCommentSize, totalSize);
  var buffer = newBuffer(bufferSize);
  var bufferReadStart = totalSize - buffer.length;
  readAndAssertNoEof(reader, buffer, 0, bufferSize, bufferReadStart, function(err) {
    if (err) return callback(err);
    for (var i = bufferSize - eocdrWithoutCommentSize; i >= 0; i -= 1) {
      if (buffer.readUInt32LE(i) !== 0x06054b50) continue;
      // found eocdr
      var eocdrBuffer = buffer.subarray(i);

      // 0 - End of central directory signature = 0x06054b50
      // 4 - Number of this disk
      var diskNumber = eocdrBuffer.readUInt16LE(4);
      // 6 - Disk where central directory starts
      // 8 - Number of central directory records on this disk
      // 10 - Total number of central directory records
      var entryCount = eocdrBuffer.readUInt16LE(10);
      // 12 - Size of central directory (bytes)
      // 16 - Offset of start of central directory, relative to start of archive
      var centralDirectoryOffset = eocdrBuffer.readUInt32LE(16);
      // 20 - Comment length
      var commentLength = eocdrBuffer.readUInt16LE(20);
      var expectedCommentLength = eocdrBuffer.length - eocdrWithoutCommentSize;
      if (commentLength !== expectedCommentLength) {
        return callback(new Error("Invalid comment length. Expected: " + expectedCommentLength + ". Found: " + commentLength + ". Are there extra bytes at the end of the file? Or is the end of central dir signature `PK☺☻` in the comment?"));
      }
      // 22 - Comment
      // the encoding is always cp437.
      var comment = decodeStrings ? decodeBuffer(eocdrBuffer.subarray(22), false)
                                  : eocdrBuffer.subarray(22);

      // Look for a Zip64 end of central directory locator
      if (i - zip64EocdlSize >= 0 && buffer.readUInt32LE(i - zip64EocdlSize) === 0x07064b50) {
        // ZIP64 format
        var zip64EocdlBuffer = buffer.subarray(i - zip64EocdlSize, i - zip64EocdlSize + zip64EocdlSize);
        // 0 - zip64 end of central dir locator signature = 0x07064b50
        // 4 - number of the disk with the start of the zip64 end of central directory
        // 8 - relative offset of the zip64 end of central directory record
        var zip64EocdrOffset = readUInt64LE(zip64EocdlBuffer, 8);
        // 16 - total number of disks

        // ZIP64 end of central directory record
        var zip64EocdrBuffer = newBuffer(56);
        return readAndAssertNoEof(reader, zip64EocdrBuffer, 0, zip64EocdrBuffer.length, zip64EocdrOffset, function(err) {
          if (err) return callback(err);

          // 0 - zip64 end of central dir signature                           4 bytes  (0x06064b50)
          if (zip64EocdrBuffer.readUInt32LE(0) !== 0x06064b50) {
            return callback(new Error("invalid zip64 end of central directory record signature"));
          }
          // 4 - size of zip64 end of central directory record                8 bytes
          // 12 - version made by                                             2 bytes
          // 14 - version needed to extract                                   2 bytes
          // 16 - number of this disk                                         4 bytes
          diskNumber = zip64EocdrBuffer.readUInt32LE(16);
          if (diskNumber !== 0) {
            // Check this only after zip64 overrides. See #118.
            return callback(new Error("multi-disk zip files are not supported: found disk number: " + diskNumber));
          }
          // 20 - number of the disk with the start of the central directory  4 bytes
          // 24 - total number of entries in the central directory on this disk         8 bytes
          // 32 - total number of entries in the central directory            8 bytes
          entryCount = readUInt64LE(zip64EocdrBuffer, 32);
          // 40 - size of the central directory                               8 bytes
          // 48 - offset of start of central directory with respect to the starting disk number     8 bytes
          centralDirectoryOffset = readUInt64LE(zip64EocdrBuffer, 48);
          // 56 - zip64 extensible data sector                                (variable size)
          return callback(null, new ZipFile(reader, centralDirectoryOffset, totalSize, entryCount, comment, options.autoClose, options.lazyEntries, decodeStrings, options.validateEntrySizes, options.strictFileNames));
        });
      }

      // Not ZIP64 format
      if (diskNumber !== 0) {
        return callback(new Error("multi-disk zip files are not supported: found disk number: " + diskNumber));
      }
      return callback(null, new ZipFile(reader, centralDirectoryOffset, totalSize, entryCount, comment, options.autoClose, options.lazyEntries, decodeStrings, options.validateEntrySizes, options.strictFileNames));

    }

    // Not a zip file.
    callback(new Error("End of central directory record signature not found. Either not a zip file, or file is truncated."));
  });
}

util.inherits(ZipFile, EventEmitter);
function ZipFile(reader, centralDirectoryOffset, fileSize, entryCount, comment, autoClose, lazyEntries, decodeStrings, validateEntrySizes, strictFileNames) {
  var self = this;
  EventEmitter.call(self);
  self.reader = reader;
  // forward close events
  self.reader.on("error", function(err) {
    // error closing the fd
    emitError(self, err);
  });
  self.reader.once("close", function() {
    self.emit("close");
  });
  self.readEntryCursor = centralDirectoryOffset;
  self.fileSize = fileSize;
  self.entryCount = entryCount;
  self.comment = comment;
  self.entriesRead = 0;
  self.autoClose = !!autoClose;
  self.lazyEntries = !!lazyEntries;
  self.decodeStrings = !!decodeStrings;
  self.validateEntrySizes = !!validateEntrySizes;
  self.strictFileNames = !!strictFileNames;
  self.isOpen = true;
  self.emittedError = false;
  self.hasEachEntryBeenCalled = false;

  if (!self.lazyEntries) self._readEntry();
}
ZipFile.prototype.close = function() {
  if (!this.isOpen) return;
  this.isOpen = false;
  this.reader.unref();
};

function emitErrorAndAutoClose(self, err) {
  if (self.autoClose) self.close();
  emitError(self, err);
}
function emitError(self, err) {
  if (self.emittedError) return;
  self.emittedError = true;
  self.emit("error", err);
}

ZipFile.prototype.readEntry = function() {
  if (!this.lazyEntries) throw new Error("readEntry() called without lazyEntries:true");
  this._readEntry();
};
ZipFile.prototype._readEntry = function() {
  var self = this;
  if (self.entryCount === self.entriesRead) {
    // done with metadata
    setImmediate(function() {
      if (self.autoClose) self.close();
      if (self.emittedError) return;
      self.emit("end");
    });
    return;
  }
  if (self.emittedError) return;
  var buffer = newBuffer(46);
  readAndAssertNoEof(self.reader, buffer, 0, buffer.length, self.readEntryCursor, function(err) {
    if (err) return emitErrorAndAutoClose(self, err);
    if (self.emittedError) return;
    var entry = new Entry();
    // 0 - Central directory file header signature
    var signature = buffer.readUInt32LE(0);
    if (signature !== 0x02014b50) return emitErrorAndAutoClose(self, new Error("invalid central directory file header signature: 0x" + signature.toString(16)));
    // 4 - Version made by
    entry.versionMadeBy = buffer.readUInt16LE(4);
    // 6 - Version needed to extract (minimum)
    entry.versionNeededToExtract = buffer.readUInt16LE(6);
    // 8 - General purpose bit flag
    entry.generalPurposeBitFlag = buffer.readUInt16LE(8);
    // 10 - Compression method
    entry.compressionMethod = buffer.readUInt16LE(10);
    // 12 - File last modification time
    entry.lastModFileTime = buffer.readUInt16LE(12);
    // 14 - File last modification date
    entry.lastModFileDate = buffer.readUInt16LE(14);
    // 16 - CRC-32
    entry.crc32 = buffer.readUInt32LE(16);
    // 20 - Compressed size
    entry.compressedSize = buffer.readUInt32LE(20);
    // 24 - Uncompressed size
    entry.uncompressedSize = buffer.readUInt32LE(24);
    // 28 - File name length (n)
    entry.fileNameLength = buffer.readUInt16LE(28);
    // 30 - Extra field length (m)
    entry.extraFieldLength = buffer.readUInt16LE(30);
    // 32 - File comment length (k)
    entry.fileCommentLength = buffer.readUInt16LE(32);
    // 34 - Disk number where file starts
    // 36 - Internal file attributes
    entry.internalFileAttributes = buffer.readUInt16LE(36);
    // 38 - External file attributes
    entry.externalFileAttributes = buffer.readUInt32LE(38);
    // 42 - Relative offset of local file header
    entry.relativeOffsetOfLocalHeader = buffer.readUInt32LE(42);

    if (entry.generalPurposeBitFlag & 0x40) return emitErrorAndAutoClose(self, new Error("strong encryption is not supported"));

    self.readEntryCursor += 46;

    buffer = newBuffer(entry.fileNameLength + entry.extraFieldLength + entry.fileCommentLength);
    readAndAssertNoEof(self.reader, buffer, 0, buffer.length, self.readEntryCursor, function(err) {
      if (err) return emitErrorAndAutoClose(self, err);
      if (self.emittedError) return;
      // 46 - File name
      entry.fileNameRaw = buffer.subarray(0, entry.fileNameLength);
      // 46+n - Extra field
      var fileCommentStart = entry.fileNameLength + entry.extraFieldLength;
      entry.extraFieldRaw = buffer.subarray(entry.fileNameLength, fileCommentStart);
      // 46+n+m - File comment
      entry.fileCommentRaw = buffer.subarray(fileCommentStart, fileCommentStart + entry.fileCommentLength);

      // Parse the extra fields, which we need for processing other fields.
      try {
        entry.extraFields = parseExtraFields(entry.extraFieldRaw);
      } catch (err) {
        return emitErrorAndAutoClose(self, err);
      }

      // Interpret strings according to bit flags, extra fields, and options.
      if (self.decodeStrings) {
        var isUtf8 = (entry.generalPurposeBitFlag & 0x800) !== 0;
        entry.fileComment = decodeBuffer(entry.fileCommentRaw, isUtf8);
        entry.fileName = getFileNameLowLevel(entry.generalPurposeBitFlag, entry.fileNameRaw, entry.extraFields, self.strictFileNames);
        var errorMessage = validateFileName(entry.fileName);
        if (errorMessage != null) return emitErrorAndAutoClose(self, new Error(errorMessage));
      } else {
        entry.fileComment = entry.fileCommentRaw;
        entry.fileName = entry.fileNameRaw;
      }
      // Maintain API compatibility. See https://github.com/thejoshwolfe/yauzl/issues/47
      entry.comment = entry.fileComment;

      self.readEntryCursor += buffer.length;
      self.entriesRead += 1;

      // Check for the Zip64 Extended Information Extra Field.
      for (var i = 0; i < entry.extraFields.length; i++) {
        var extraField = entry.extraFields[i];
        if (extraField.id !== 0x0001) continue;
        // Found it.

        var zip64EiefBuffer = extraField.data;
        var index = 0;
        // 0 - Original Size          8 bytes
        if (entry.uncompressedSize === 0xffffffff) {
          if (index + 8 > zip64EiefBuffer.length) {
            return emitErrorAndAutoClose(self, new Error("zip64 extended information extra field does not include uncompressed size"));
          }
          entry.uncompressedSize = readUInt64LE(zip64EiefBuffer, index);
          index += 8;
        }
        // 8 - Compressed Size        8 bytes
        if (entry.compressedSize === 0xffffffff) {
          if (index + 8 > zip64EiefBuffer.length) {
            return emitErrorAndAutoClose(self, new Error("zip64 extended information extra field does not include compressed size"));
          }
          entry.compressedSize = readUInt64LE(zip64EiefBuffer, index);
          index += 8;
        }
        // 16 - Relative Header Offset 8 bytes
        if (entry.relativeOffsetOfLocalHeader === 0xffffffff) {
          if (index + 8 > zip64EiefBuffer.length) {
            return emitErrorAndAutoClose(self, new Error("zip64 extended information extra field does not include relative header offset"));
          }
          entry.relativeOffsetOfLocalHeader = readUInt64LE(zip64EiefBuffer, index);
          index += 8;
        }
        // 24 - Disk Start Number      4 bytes

        break;
      }

      // validate file size
      if (self.validateEntrySizes && entry.compressionMethod === 0) {
        var expectedCompressedSize = entry.uncompressedSize;
        if (entry.isEncrypted()) {
          // traditional encryption prefixes the file data with a header
          expectedCompressedSize += 12;
        }
        if (entry.compressedSize !== expectedCompressedSize) {
          var msg = "compressed/uncompressed size mismatch for stored file: " + entry.compressedSize + " != " + entry.uncompressedSize;
          return emitErrorAndAutoClose(self, new Error(msg));
        }
      }

      self.emit("entry", entry);

      if (!self.lazyEntries) self._readEntry();
    });
  });
};

ZipFile.prototype.eachEntry = function() {
  const self = this;
  if (!self.lazyEntries) throw new Error("eachEntry() requires lazyEntries: true");
  if (self.hasEachEntryBeenCalled) throw new Error("eachEntry() must only be called once per ZipFile");
  self.hasEachEntryBeenCalled = true;

  let pendingResolveReject = null;
  self.on("entry", onEntry);
  self.on("end", onEnd);
  self.on("error", onError);
  function cleanup() {
    self.removeListener("entry", onEntry);
    self.removeListener("end", onEnd);
    self.removeListener("error", onError);
    if (self.autoClose) self.close();
  }

  function onEntry(entry) {
    let {resolve} = pendingResolveReject;
    pendingResolveReject = null;
    resolve({value: entry});
  }
  function onEnd() {
    let {resolve} = pendingResolveReject;
    pendingResolveReject = null;
    cleanup();
    resolve({done: true});
  }
  function onError(err) {
    let {reject} = pendingResolveReject;
    pendingResolveReject = null;
    cleanup();
    reject(err);
  }

  return {
    [Symbol.asyncIterator]() {
      // Called once by `for await...of`.
      return this;
    },
    next() {
      // Called on each iteration in a `for await...of`.
      const promise = new Promise((resolve, reject) => {
        if (pendingResolveReject != null) throw new Error("next() called before previous Promise was resolved.");
        pendingResolveReject = {resolve, reject};
      });
      self.readEntry();
      return promise;
    },
    return(value) {
      // Called when breaking, returning, throwing out of a `for await...of`.
      cleanup();
      return Promise.resolve({done: true, value});
    },
    throw(value) {
      // Almost never called. Something about `yield*` maybe?
      cleanup();
      return Promise.reject(value);
    },
  };
};

ZipFile.prototype.openReadStream = function(entry, options, callback) {
  var self = this;
  // parameter validation
  var relativeStart = 0;
  var relativeEnd = entry.compressedSize;
  if (callback == null) {
    callback = options;
    options = null;
  }
  if (options == null) {
    options = {};
  } else {
    if (options.decodeFileData === false) {
      // new, simple option
      if (options.decrypt != null) {
        throw new Error("cannot use options.decrypt when options.decodeFileData === false");
      }
      if (options.decompress != null) {
        throw new Error("cannot use options.decompress when options.decodeFileData === false");
      }
      // start and end are allowed
    } else {
      // old, complicated options
      if (options.decrypt != null) {
        if (!entry.isEncrypted()) {
          throw new Error("options.decrypt can only be specified for encrypted entries. See also option decodeFileData.");
        }
        if (options.decrypt !== false) throw new Error("invalid options.decrypt value: " + options.decrypt);
        if (entry.isCompressed()) {
          if (options.decompress !== false) throw new Error("entry is encrypted and compressed, and options.decompress !== false. See also option decodeFileData.");
        }
      }
      if (options.decompress != null) {
        if (!entry.isCompressed()) {
          throw new Error("options.decompress can only be specified for compressed entries. See also option decodeFileData.");
        }
        if (!(options.decompress === false || options.decompress === true)) {
          throw new Error("invalid options.decompress value: " + options.decompress);
        }
        decompress = options.decompress;
      }
    }
    if (options.start != null) {
      relativeStart = options.start;
      if (relativeStart < 0) throw new Error("options.start < 0");
      if (relativeStart > entry.compressedSize) throw new Error("options.start > entry.compressedSize");
    }
    if (options.end != null) {
      relativeEnd = options.end;
      if (relativeEnd < 0) throw new Error("options.end < 0");
      if (relativeEnd > entry.compressedSize) throw new Error("options.end > entry.compressedSize");
      if (relativeEnd < relativeStart) throw new Error("options.end < options.start");
    }
  }
  var rawMode = (
    options.decodeFileData === false || // Explicitly requested raw.
    (
      (entry.compressionMethod === 0 || // Naturally without compression.
        (entry.compressionMethod === 8 && options.decompress === false) // Deprecated compression bypass option.
      ) &&
      (!entry.isEncrypted() || // Naturally without encryption.
        options.decrypt === false // Deprecated encryption bypass option.
      )
    )
  );
  if (options.start != null || options.end != null) {
    // Ensure slicing deals with raw data.
    if (!rawMode) throw new Error("start/end range require options.decodeFileData === false for non-trivial encoded entries.");
  }

  // any further errors can either be caused by the zipfile,
  // or were introduced in a minor version of yauzl,
  // so should be passed to the client rather than thrown.
  if (!self.isOpen) return callback(new Error("closed"));
  if (entry.isEncrypted() && !rawMode) {
    if (options.decrypt !== false) return callback(new Error("entry is encrypted, and options.decodeFileData !== false"));
  }
  var decompress;
  if (rawMode) {
    decompress = false;
  } else if (entry.compressionMethod === 8) {
    // 8 - The file is Deflated
    decompress = options.decodeFileData !== true;
  } else {
    return callback(new Error("unsupported compression method: " + entry.compressionMethod));
  }

  self.readLocalFileHeader(entry, {minimal: true}, function(err, localFileHeader) {
    if (err) return callback(err);
    self.openReadStreamLowLevel(
      localFileHeader.fileDataStart, entry.compressedSize,
      relativeStart, relativeEnd,
      decompress, entry.uncompressedSize,
      callback);
  });
};

ZipFile.prototype.openReadStreamLowLevel = function(fileDataStart, compressedSize, relativeStart, relativeEnd, decompress, uncompressedSize, callback) {
  var self = this;

  var fileDataEnd = fileDataStart + compressedSize;
  var readStream = self.reader.createReadStream({
    start: fileDataStart + relativeStart,
    end: fileDataStart + relativeEnd,
  });
  var endpointStream = readStream;
  if (decompress) {
    var destroyed = false;
    var inflateFilter = zlib.createInflateRaw();
    readStream.on("error", function(err) {
      // setImmediate here because errors can be emitted during the first call to pipe()
      setImmediate(function() {
        if (!destroyed) inflateFilter.emit("error", err);
      });
    });
    readStream.pipe(inflateFilter);

    if (self.validateEntrySizes) {
      endpointStream = new AssertByteCountStream(uncompressedSize);
      inflateFilter.on("error", function(err) {
        // forward zlib errors to the client-visible stream
        setImmediate(function() {
          if (!destroyed) endpointStream.emit("error", err);
        });
      });
      inflateFilter.pipe(endpointStream);
    } else {
      // the zlib filter is the client-visible stream
      endpointStream = inflateFilter;
    }
    // this is part of yauzl's API, so implement this function on the client-visible stream
    installDestroyFn(endpointStream, function() {
      destroyed = true;
      if (inflateFilter !== endpointStream) inflateFilter.unpipe(endpointStream);
      readStream.unpipe(inflateFilter);
      // TODO: the inflateFilter may cause a memory leak. see Issue #27.
      readStream.destroy();
    });
  }
  callback(null, endpointStream);
};

ZipFile.prototype.readLocalFileHeader = function(entry, options, callback) {
  var self = this;
  if (callback == null) {
    callback = options;
    options = null;
  }
  if (options == null) options = {};

  self.reader.ref();
  var buffer = newBuffer(30);
  readAndAssertNoEof(self.reader, buffer, 0, buffer.length, entry.relativeOffsetOfLocalHeader, function(err) {
    try {
      if (err) return callback(err);
      // 0 - Local file header signature = 0x04034b50
      var signature = buffer.readUInt32LE(0);
      if (signature !== 0x04034b50) {
        return callback(new Error("invalid local file header signature: 0x" + signature.toString(16)));
      }

      var fileNameLength = buffer.readUInt16LE(26);
      var extraFieldLength = buffer.readUInt16LE(28);
      var fileDataStart = entry.relativeOffsetOfLocalHeader + 30 + fileNameLength + extraFieldLength;
      // We now have enough information to do this bounds check.
      if (fileDataStart + entry.compressedSize > self.fileSize) {
        return callback(new Error("file data overflows file bounds: " +
            fileDataStart + " + " + entry.compressedSize + " > " + self.fileSize));
      }

      if (options.minimal) {
        return callback(null, {fileDataStart: fileDataStart});
      }

      var localFileHeader = new LocalFileHeader();
      localFileHeader.fileDataStart = fileDataStart;

      // 4 - Version needed to extract (minimum)
      localFileHeader.versionNeededToExtract = buffer.readUInt16LE(4);
      // 6 - General purpose bit flag
      localFileHeader.generalPurposeBitFlag = buffer.readUInt16LE(6);
      // 8 - Compression method
      localFileHeader.compressionMethod = buffer.readUInt16LE(8);
      // 10 - File last modification time
      localFileHeader.lastModFileTime = buffer.readUInt16LE(10);
      // 12 - File last modification date
      localFileHeader.lastModFileDate = buffer.readUInt16LE(12);
      // 14 - CRC-32
      localFileHeader.crc32 = buffer.readUInt32LE(14);
      // 18 - Compressed size
      localFileHeader.compressedSize = buffer.readUInt32LE(18);
      // 22 - Uncompressed size
      localFileHeader.uncompressedSize = buffer.readUInt32LE(22);
      // 26 - File name length (n)
      localFileHeader.fileNameLength = fileNameLength;
      // 28 - Extra field length (m)
      localFileHeader.extraFieldLength = extraFieldLength;
      // 30 - File name
      // 30+n - Extra field

      buffer = newBuffer(fileNameLength + extraFieldLength);
      self.reader.ref();
      readAndAssertNoEof(self.reader, buffer, 0, buffer.length, entry.relativeOffsetOfLocalHeader + 30, function(err) {
        try {
          if (err) return callback(err);
          localFileHeader.fileName = buffer.subarray(0, fileNameLength);
          localFileHeader.extraField = buffer.subarray(fileNameLength);
          return callback(null, localFileHeader);
        } finally {
          self.reader.unref();
        }
      });
    } finally {
      self.reader.unref();
    }
  });
};

ZipFile.prototype.openReadStreamPromise = function(entry, options) {
  return new Promise((resolve, reject) => {
    this.openReadStream(entry, options, function(err, readStream) {
      if (err) return reject(err);
      resolve(readStream);
    });
  });
};
ZipFile.prototype.openReadStreamLowLevelPromise = function(fileDataStart, compressedSize, relativeStart, relativeEnd, decompress, uncompressedSize) {
  return new Promise((resolve, reject) => {
    this.openReadStream(fileDataStart, compressedSize, relativeStart, relativeEnd, decompress, uncompressedSize, function(err, readStream) {
      if (err) return reject(err);
      resolve(readStream);
    });
  });
};
ZipFile.prototype.readLocalFileHeaderPromise = function(entry, options) {
  return new Promise((resolve, reject) => {
    this.readLocalFileHeader(entry, options, function(err, localFileHeader) {
      if (err) return reject(err);
      resolve(localFileHeader);
    });
  });
};

function Entry() {
}
Entry.prototype.getLastModDate = function(options) {
  if (options == null) options = {};

  if (!options.forceDosFormat) {
    // Check extended fields.
    for (var i = 0; i < this.extraFields.length; i++) {
      var extraField = this.extraFields[i];
      if (extraField.id === 0x5455) {
        // Info-ZIP "universal timestamp" extended field (`0x5455` aka `"UT"`).
        // See the Info-ZIP source code unix/unix.c:set_extra_field() and zipfile.c:ef_scan_ut_time().
        var data = extraField.data;
        if (data.length < 5) continue; // Too short.
        // The flags define which of the three fields are present: mtime, atime, ctime.
        // We only care about mtime.
        // Also, ctime is never included in practice.
        // And also, atime is only included in the local file header for some reason
        // despite the flags lying about its inclusion in the central header.
        var flags = data[0];
        var HAS_MTIME = 1;
        if (!(flags & HAS_MTIME)) continue; // This will realistically never happen.
        // Although the positions of all of the fields shift around depending on the presence of other fields,
        // mtime is always first if present, and that's the only one we care about.
        var posixTimestamp = data.readInt32LE(1);
        return new Date(posixTimestamp * 1000);
      } else if (extraField.id === 0x000a) {
        var data = extraField.data;
        if (data.length !== 32) continue; // The length is always the same.
        // 4 bytes reserved
        // 2 bytes Tag
        if (data.readUInt16LE(4) !== 1) continue; // Tag1 is actually the only defined Tag.
        // 2 bytes Size
        if (data.readUInt16LE(6) !== 24) continue; // Size is always 24.
        // 8 bytes Mtime
        var hundredNanoSecondsSince1601 = data.readUInt32LE(8) + 4294967296 * data.readInt32LE(12);
        // Convert from NTFS to POSIX milliseconds.
        // The big number below is the milliseconds between year 1601 and year 1970
        // (i.e. the negative POSIX timestamp of 1601-01-01 00:00:00Z)
        var millisecondsSince1970 = hundredNanoSecondsSince1601 / 10000 - 11644473600000;
        // Note on numeric precision: JavaScript Number objects lose precision above Number.MAX_SAFE_INTEGER,
        // and NTFS timestamps are typically much bigger than that limit.
        // (MAX_SAFE_INTEGER would represent 1629-07-17T23:58:45.475Z.)
        // However, we're losing precision in the conversion from 100nanosecond units to millisecond units anyway,
        // and the time at which we also lose 1-millisecond precision is year 275760, the JavaScript Date limit (by design).
        // Up through the year 2057, this conversion only drops 4 bits of precision,
        // which is well under the 13-14 bits ratio between the milliseconds and 100nanoseconds.
        return new Date(millisecondsSince1970);
      }
    }
  }

  // Fallback to non-extended encoding.
  return dosDateTimeToDate(this.lastModFileDate, this.lastModFileTime, options.timezone);
};

Entry.prototype.canDecodeFileData = function() {
  return (
    !this.isEncrypted() &&
    (this.compressionMethod === 0 || this.compressionMethod === 8)
  );
};
Entry.prototype.isEncrypted = function() {
  return (this.generalPurposeBitFlag & 0x1) !== 0;
};
Entry.prototype.isCompressed = function() {
  return this.compressionMethod === 8;
};

function LocalFileHeader() {
}

function dosDateTimeToDate(date, time, timezone) {
  var day = date & 0x1f; // 1-31
  var month = (date >> 5 & 0xf) - 1; // 1-12, 0-11
  var year = (date >> 9 & 0x7f) + 1980; // 0-128, 1980-2108

  var millisecond = 0;
  var second = (time & 0x1f) * 2; // 0-29, 0-58 (even numbers)
  var minute = time >> 5 & 0x3f; // 0-59
  var hour = time >> 11 & 0x1f; // 0-23

  if (timezone == null || timezone === "local") {
    return new Date(year, month, day, hour, minute, second, millisecond);
  } else if (timezone === "UTC") {
    return new Date(Date.UTC(year, month, day, hour, minute, second, millisecond));
  } else {
    throw new Error("unrecognized options.timezone: " + options.timezone);
  }
}

function getFileNameLowLevel(generalPurposeBitFlag, fileNameBuffer, extraFields, strictFileNames) {
  var fileName = null;

  // check for Info-ZIP Unicode Path Extra Field (0x7075)
  // see https://github.com/thejoshwolfe/yauzl/issues/33
  for (var i = 0; i < extraFields.length; i++) {
    var extraField = extraFields[i];
    if (extraField.id === 0x7075) {
      if (extraField.data.length < 6) {
        // too short to be meaningful
        continue;
      }
      // Version       1 byte      version of this extra field, currently 1
      if (extraField.data.readUInt8(0) !== 1) {
        // > Changes may not be backward compatible so this extra
        // > field should not be used if the version is not recognized.
        continue;
      }
      // NameCRC32     4 bytes     File Name Field CRC32 Checksum
      var oldNameCrc32 = extraField.data.readUInt32LE(1);
      if (crc32(fileNameBuffer) !== oldNameCrc32) {
        // > If the CRC check fails, this UTF-8 Path Extra Field should be
        // > ignored and the File Name field in the header should be used instead.
        continue;
      }
      // UnicodeName   Variable    UTF-8 version of the entry File Name
      fileName = decodeBuffer(extraField.data.subarray(5), true);
      break;
    }
  }

  if (fileName == null) {
    // The typical case.
    var isUtf8 = (generalPurposeBitFlag & 0x800) !== 0;
    fileName = decodeBuffer(fileNameBuffer, isUtf8);
  }

  if (!strictFileNames) {
    // Allow backslash.
    fileName = fileName.replace(/\\/g, "/");
  }
  return fileName;
}

function validateFileName(fileName) {
  if (fileName.indexOf("\\") !== -1) {
    return "invalid characters in fileName: " + fileName;
  }
  if (/^[a-zA-Z]:/.test(fileName) || /^\//.test(fileName)) {
    return "absolute path: " + fileName;
  }
  if (fileName.split("/").indexOf("..") !== -1) {
    return "invalid relative path: " + fileName;
  }
  // all good
  return null;
}

function parseExtraFields(extraFieldBuffer) {
  var extraFields = [];
  var i = 0;
  while (i < extraFieldBuffer.length - 3) {
    var headerId = extraFieldBuffer.readUInt16LE(i + 0);
    var dataSize = extraFieldBuffer.readUInt16LE(i + 2);
    var dataStart = i + 4;
    var dataEnd = dataStart + dataSize;
    if (dataEnd > extraFieldBuffer.length) throw new Error("extra field length exceeds extra field buffer size");
    var dataBuffer = extraFieldBuffer.subarray(dataStart, dataEnd);
    extraFields.push({
      id: headerId,
      data: dataBuffer,
    });
    i = dataEnd;
  }
  return extraFields;
}

function readAndAssertNoEof(reader, buffer, offset, length, position, callback) {
  if (length === 0) {
    // fs.read will throw an out-of-bounds error if you try to read 0 bytes from a 0 byte file
    return setImmediate(function() { callback(null, newBuffer(0)); });
  }
  reader.read(buffer, offset, length, position, function(err, bytesRead) {
    if (err) return callback(err);
    if (bytesRead < length) {
      return callback(new Error("unexpected EOF"));
    }
    callback();
  });
}

util.inherits(AssertByteCountStream, Transform);
function AssertByteCountStream(byteCount) {
  Transform.call(this);
  this.actualByteCount = 0;
  this.expectedByteCount = byteCount;
}
AssertByteCountStream.prototype._transform = function(chunk, encoding, cb) {
  this.actualByteCount += chunk.length;
  if (this.actualByteCount > this.expectedByteCount) {
    var msg = "too many bytes in the stream. expected " + this.expectedByteCount + ". got at least " + this.actualByteCount;
    return cb(new Error(msg));
  }
  cb(null, chunk);
};
AssertByteCountStream.prototype._flush = function(cb) {
  if (this.actualByteCount < this.expectedByteCount) {
    var msg = "not enough bytes in the stream. expected " + this.expectedByteCount + ". got only " + this.actualByteCount;
    return cb(new Error(msg));
  }
  cb();
};

util.inherits(RandomAccessReader, EventEmitter);
function RandomAccessReader() {
  EventEmitter.call(this);
  this.refCount = 0;
}
RandomAccessReader.prototype.ref = function() {
  this.refCount += 1;
};
RandomAccessReader.prototype.unref = function() {
  var self = this;
  self.refCount -= 1;

  if (self.refCount > 0) return;
  if (self.refCount < 0) throw new Error("invalid unref");

  self.close(onCloseDone);

  function onCloseDone(err) {
    if (err) return self.emit('error', err);
    self.emit('close');
  }
};
RandomAccessReader.prototype.createReadStream = function(options) {
  if (options == null) options = {};
  var start = options.start;
  var end = options.end;
  if (start === end) {
    var emptyStream = new PassThrough();
    setImmediate(function() {
      emptyStream.end();
    });
    return emptyStream;
  }
  var stream = this._readStreamForRange(start, end);

  var destroyed = false;
  var refUnrefFilter = new RefUnrefFilter(this);
  stream.on("error", function(err) {
    setImmediate(function() {
      if (!destroyed) refUnrefFilter.emit("error", err);
    });
  });
  installDestroyFn(refUnrefFilter, function() {
    stream.unpipe(refUnrefFilter);
    refUnrefFilter.unref();
    stream.destroy();
  });

  var byteCounter = new AssertByteCountStream(end - start);
  refUnrefFilter.on("error", function(err) {
    setImmediate(function() {
      if (!destroyed) byteCounter.emit("error", err);
    });
  });
  installDestroyFn(byteCounter, function() {
    destroyed = true;
    refUnrefFilter.unpipe(byteCounter);
    refUnrefFilter.destroy();
  });

  return stream.pipe(refUnrefFilter).pipe(byteCounter);
};
RandomAccessReader.prototype._readStreamForRange = function(start, end) {
  throw new Error("not implemented");
};
RandomAccessReader.prototype.read = function(buffer, offset, length, position, callback) {
  var readStream = this.createReadStream({start: position, end: position + length});
  var writeStream = new Writable();
  var written = 0;
  writeStream._write = function(chunk, encoding, cb) {
    chunk.copy(buffer, offset + written, 0, chunk.length);
    written += chunk.length;
    cb();
  };
  writeStream.on("finish", callback);
  readStream.on("error", function(error) {
    callback(error);
  });
  readStream.pipe(writeStream);
};
RandomAccessReader.prototype.close = function(callback) {
  setImmediate(callback);
};

util.inherits(RefUnrefFilter, PassThrough);
function RefUnrefFilter(context) {
  PassThrough.call(this);
  this.context = context;
  this.context.ref();
  this.unreffedYet = false;
}
RefUnrefFilter.prototype._flush = function(cb) {
  this.unref();
  cb();
};
RefUnrefFilter.prototype.unref = function(cb) {
  if (this.unreffedYet) return;
  this.unreffedYet = true;
  this.context.unref();
};

var cp437 = '\u0000☺☻♥♦♣♠•◘○◙♂♀♪♫☼►◄↕‼¶§▬↨↑↓→←∟↔▲▼ !"#$%&\'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_`abcdefghijklmnopqrstuvwxyz{|}~⌂ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■ ';
function decodeBuffer(buffer, isUtf8) {
  if (isUtf8) {
    return buffer.toString("utf8");
  } else {
    var result = "";
    for (var i = 0; i < buffer.length; i++) {
      result += cp437[buffer[i]];
    }
    return result;
  }
}

function readUInt64LE(buffer, offset) {
  // There is no native function for this, because we can't actually store 64-bit integers precisely.
  // after 53 bits, JavaScript's Number type (IEEE 754 double) can't store individual integers anymore.
  // but since 53 bits is a whole lot more than 32 bits, we do our best anyway.
  // As of 2020, Node has added support for BigInt, which obviates this whole function,
  // but yauzl hasn't been updated to depend on BigInt (yet?).
  var lower32 = buffer.readUInt32LE(offset);
  var upper32 = buffer.readUInt32LE(offset + 4);
  // we can't use bitshifting here, because JavaScript bitshifting only works on 32-bit integers.
  return upper32 * 0x100000000 + lower32;
  // as long as we're bounds checking the result of this function against the total file size,
  // we'll catch any overflow errors, because we already made sure the total file size was within reason.
}

// Node 10 deprecated new Buffer().
var newBuffer;
if (typeof Buffer.allocUnsafe === "function") {
  newBuffer = function(len) {
    return Buffer.allocUnsafe(len);
  };
} else {
  newBuffer = function(len) {
    return new Buffer(len);
  };
}

// Node 8 introduced a proper destroy() implementation on writable streams.
function installDestroyFn(stream, fn) {
  if (typeof stream.destroy === "function") {
    // New API.
    stream._destroy = function(err, cb) {
      fn();
      if (cb != null) cb(err);
    };
  } else {
    // Old API.
    stream.destroy = fn;
  }
}

function defaultCallback(err) {
  if (err) throw err;
}


/***/ }),

/***/ 2613:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("assert");

/***/ }),

/***/ 5317:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("child_process");

/***/ }),

/***/ 6982:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("crypto");

/***/ }),

/***/ 4434:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("events");

/***/ }),

/***/ 9896:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("fs");

/***/ }),

/***/ 8611:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("http");

/***/ }),

/***/ 5692:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("https");

/***/ }),

/***/ 9278:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("net");

/***/ }),

/***/ 4589:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:assert");

/***/ }),

/***/ 6698:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:async_hooks");

/***/ }),

/***/ 4573:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:buffer");

/***/ }),

/***/ 1421:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:child_process");

/***/ }),

/***/ 7540:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:console");

/***/ }),

/***/ 7598:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:crypto");

/***/ }),

/***/ 3053:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:diagnostics_channel");

/***/ }),

/***/ 610:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:dns");

/***/ }),

/***/ 8474:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:events");

/***/ }),

/***/ 3024:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:fs");

/***/ }),

/***/ 7067:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:http");

/***/ }),

/***/ 2467:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:http2");

/***/ }),

/***/ 7030:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:net");

/***/ }),

/***/ 8161:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:os");

/***/ }),

/***/ 6760:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:path");

/***/ }),

/***/ 643:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:perf_hooks");

/***/ }),

/***/ 1792:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:querystring");

/***/ }),

/***/ 7075:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:stream");

/***/ }),

/***/ 1692:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:tls");

/***/ }),

/***/ 3136:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:url");

/***/ }),

/***/ 7975:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:util");

/***/ }),

/***/ 3429:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:util/types");

/***/ }),

/***/ 5919:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:worker_threads");

/***/ }),

/***/ 8522:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:zlib");

/***/ }),

/***/ 857:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("os");

/***/ }),

/***/ 6928:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("path");

/***/ }),

/***/ 2203:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("stream");

/***/ }),

/***/ 3193:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("string_decoder");

/***/ }),

/***/ 3557:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("timers");

/***/ }),

/***/ 4756:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("tls");

/***/ }),

/***/ 9023:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("util");

/***/ }),

/***/ 3106:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("zlib");

/***/ }),

/***/ 8898:
/***/ ((module, __unused_webpack_exports, __nccwpck_require__) => {

const { valid, clean, explain, parse } = __nccwpck_require__(4818);

const { lt, le, eq, ne, ge, gt, compare, rcompare } = __nccwpck_require__(2124);

const {
  filter,
  maxSatisfying,
  minSatisfying,
  RANGE_PATTERN,
  satisfies,
  validRange,
} = __nccwpck_require__(790);

const { major, minor, patch, inc } = __nccwpck_require__(8940);

module.exports = {
  // version
  valid,
  clean,
  explain,
  parse,

  // operator
  lt,
  le,
  lte: le,
  eq,
  ne,
  neq: ne,
  ge,
  gte: ge,
  gt,
  compare,
  rcompare,

  // range
  filter,
  maxSatisfying,
  minSatisfying,
  RANGE_PATTERN,
  satisfies,
  validRange,

  // semantic
  major,
  minor,
  patch,
  inc,
};


/***/ }),

/***/ 2124:
/***/ ((module, __unused_webpack_exports, __nccwpck_require__) => {

const { parse } = __nccwpck_require__(4818);

module.exports = {
  compare,
  rcompare,
  lt,
  le,
  eq,
  ne,
  ge,
  gt,
  '<': lt,
  '<=': le,
  '==': eq,
  '!=': ne,
  '>=': ge,
  '>': gt,
  '===': arbitrary,
};

function lt(version, other) {
  return compare(version, other) < 0;
}

function le(version, other) {
  return compare(version, other) <= 0;
}

function eq(version, other) {
  return compare(version, other) === 0;
}

function ne(version, other) {
  return compare(version, other) !== 0;
}

function ge(version, other) {
  return compare(version, other) >= 0;
}

function gt(version, other) {
  return compare(version, other) > 0;
}

function arbitrary(version, other) {
  return version.toLowerCase() === other.toLowerCase();
}

function compare(version, other) {
  const parsedVersion = parse(version);
  const parsedOther = parse(other);

  const keyVersion = calculateKey(parsedVersion);
  const keyOther = calculateKey(parsedOther);

  return pyCompare(keyVersion, keyOther);
}

function rcompare(version, other) {
  return -compare(version, other);
}

// this logic is buitin in python, but we need to port it to js
// see https://stackoverflow.com/a/5292332/1438522
function pyCompare(elemIn, otherIn) {
  let elem = elemIn;
  let other = otherIn;
  if (elem === other) {
    return 0;
  }
  if (Array.isArray(elem) !== Array.isArray(other)) {
    elem = Array.isArray(elem) ? elem : [elem];
    other = Array.isArray(other) ? other : [other];
  }
  if (Array.isArray(elem)) {
    const len = Math.min(elem.length, other.length);
    for (let i = 0; i < len; i += 1) {
      const res = pyCompare(elem[i], other[i]);
      if (res !== 0) {
        return res;
      }
    }
    return elem.length - other.length;
  }
  if (elem === -Infinity || other === Infinity) {
    return -1;
  }
  if (elem === Infinity || other === -Infinity) {
    return 1;
  }
  return elem < other ? -1 : 1;
}

function calculateKey(input) {
  const { epoch } = input;
  let { release, pre, post, local, dev } = input;
  // When we compare a release version, we want to compare it with all of the
  // trailing zeros removed. So we'll use a reverse the list, drop all the now
  // leading zeros until we come to something non zero, then take the rest
  // re-reverse it back into the correct order and make it a tuple and use
  // that for our sorting key.
  release = release.concat();
  release.reverse();
  while (release.length && release[0] === 0) {
    release.shift();
  }
  release.reverse();

  // We need to "trick" the sorting algorithm to put 1.0.dev0 before 1.0a0.
  // We'll do this by abusing the pre segment, but we _only_ want to do this
  // if there is !a pre or a post segment. If we have one of those then
  // the normal sorting rules will handle this case correctly.
  if (!pre && !post && dev) pre = -Infinity;
  // Versions without a pre-release (except as noted above) should sort after
  // those with one.
  else if (!pre) pre = Infinity;

  // Versions without a post segment should sort before those with one.
  if (!post) post = -Infinity;

  // Versions without a development segment should sort after those with one.
  if (!dev) dev = Infinity;

  if (!local) {
    // Versions without a local segment should sort before those with one.
    local = -Infinity;
  } else {
    // Versions with a local segment need that segment parsed to implement
    // the sorting rules in PEP440.
    // - Alpha numeric segments sort before numeric segments
    // - Alpha numeric segments sort lexicographically
    // - Numeric segments sort numerically
    // - Shorter versions sort before longer versions when the prefixes
    //   match exactly
    local = local.map((i) =>
      Number.isNaN(Number(i)) ? [-Infinity, i] : [Number(i), ''],
    );
  }

  return [epoch, release, pre, post, dev, local];
}


/***/ }),

/***/ 8940:
/***/ ((module, __unused_webpack_exports, __nccwpck_require__) => {

const { explain, parse, stringify } = __nccwpck_require__(4818);

// those notation are borrowed from semver
module.exports = {
  major,
  minor,
  patch,
  inc,
};

function major(input) {
  const version = explain(input);
  if (!version) {
    throw new TypeError('Invalid Version: ' + input);
  }
  return version.release[0];
}

function minor(input) {
  const version = explain(input);
  if (!version) {
    throw new TypeError('Invalid Version: ' + input);
  }
  if (version.release.length < 2) {
    return 0;
  }
  return version.release[1];
}

function patch(input) {
  const version = explain(input);
  if (!version) {
    throw new TypeError('Invalid Version: ' + input);
  }
  if (version.release.length < 3) {
    return 0;
  }
  return version.release[2];
}

function inc(input, release, preReleaseIdentifier) {
  let identifier = preReleaseIdentifier || `a`;
  const version = parse(input);

  if (!version) {
    return null;
  }

  if (
    !['a', 'b', 'c', 'rc', 'alpha', 'beta', 'pre', 'preview'].includes(
      identifier,
    )
  ) {
    return null;
  }

  switch (release) {
    case 'premajor':
      {
        const [majorVersion] = version.release;
        version.release.fill(0);
        version.release[0] = majorVersion + 1;
      }
      version.pre = [identifier, 0];
      delete version.post;
      delete version.dev;
      delete version.local;
      break;
    case 'preminor':
      {
        const [majorVersion, minorVersion = 0] = version.release;
        version.release.fill(0);
        version.release[0] = majorVersion;
        version.release[1] = minorVersion + 1;
      }
      version.pre = [identifier, 0];
      delete version.post;
      delete version.dev;
      delete version.local;
      break;
    case 'prepatch':
      {
        const [majorVersion, minorVersion = 0, patchVersion = 0] =
          version.release;
        version.release.fill(0);
        version.release[0] = majorVersion;
        version.release[1] = minorVersion;
        version.release[2] = patchVersion + 1;
      }
      version.pre = [identifier, 0];
      delete version.post;
      delete version.dev;
      delete version.local;
      break;
    case 'prerelease':
      if (version.pre === null) {
        const [majorVersion, minorVersion = 0, patchVersion = 0] =
          version.release;
        version.release.fill(0);
        version.release[0] = majorVersion;
        version.release[1] = minorVersion;
        version.release[2] = patchVersion + 1;
        version.pre = [identifier, 0];
      } else {
        if (preReleaseIdentifier === undefined && version.pre !== null) {
          [identifier] = version.pre;
        }

        const [letter, number] = version.pre;
        if (letter === identifier) {
          version.pre = [letter, number + 1];
        } else {
          version.pre = [identifier, 0];
        }
      }

      delete version.post;
      delete version.dev;
      delete version.local;
      break;
    case 'major':
      if (
        version.release.slice(1).some((value) => value !== 0) ||
        version.pre === null
      ) {
        const [majorVersion] = version.release;
        version.release.fill(0);
        version.release[0] = majorVersion + 1;
      }
      delete version.pre;
      delete version.post;
      delete version.dev;
      delete version.local;
      break;
    case 'minor':
      if (
        version.release.slice(2).some((value) => value !== 0) ||
        version.pre === null
      ) {
        const [majorVersion, minorVersion = 0] = version.release;
        version.release.fill(0);
        version.release[0] = majorVersion;
        version.release[1] = minorVersion + 1;
      }
      delete version.pre;
      delete version.post;
      delete version.dev;
      delete version.local;
      break;
    case 'patch':
      if (
        version.release.slice(3).some((value) => value !== 0) ||
        version.pre === null
      ) {
        const [majorVersion, minorVersion = 0, patchVersion = 0] =
          version.release;
        version.release.fill(0);
        version.release[0] = majorVersion;
        version.release[1] = minorVersion;
        version.release[2] = patchVersion + 1;
      }
      delete version.pre;
      delete version.post;
      delete version.dev;
      delete version.local;
      break;
    default:
      return null;
  }

  return stringify(version);
}


/***/ }),

/***/ 790:
/***/ ((module, __unused_webpack_exports, __nccwpck_require__) => {

// This file is dual licensed under the terms of the Apache License, Version
// 2.0, and the BSD License. See the LICENSE file in the root of this repository
// for complete details.

const { VERSION_PATTERN, explain: explainVersion } = __nccwpck_require__(4818);

const Operator = __nccwpck_require__(2124);

const RANGE_PATTERN = [
  '(?<operator>(===|~=|==|!=|<=|>=|<|>))',
  '\\s*',
  '(',
  /*  */ '(?<version>(?:' + VERSION_PATTERN.replace(/\?<\w+>/g, '?:') + '))',
  /*  */ '(?<prefix>\\.\\*)?',
  /*  */ '|',
  /*  */ '(?<legacy>[^,;\\s)]+)',
  ')',
].join('');

module.exports = {
  RANGE_PATTERN,
  parse,
  satisfies,
  filter,
  validRange,
  maxSatisfying,
  minSatisfying,
};

const isEqualityOperator = (op) => ['==', '!=', '==='].includes(op);

const rangeRegex = new RegExp('^' + RANGE_PATTERN + '$', 'i');

function parse(ranges) {
  if (!ranges.trim()) {
    return [];
  }

  const specifiers = ranges
    .split(',')
    .map((range) => rangeRegex.exec(range.trim()) || {})
    .map(({ groups }) => {
      if (!groups) {
        return null;
      }

      let { ...spec } = groups;
      const { operator, version, prefix, legacy } = groups;

      if (version) {
        spec = { ...spec, ...explainVersion(version) };
        if (operator === '~=') {
          if (spec.release.length < 2) {
            return null;
          }
        }
        if (!isEqualityOperator(operator) && spec.local) {
          return null;
        }

        if (prefix) {
          if (!isEqualityOperator(operator) || spec.dev || spec.local) {
            return null;
          }
        }
      }
      if (legacy && operator !== '===') {
        return null;
      }

      return spec;
    });

  if (specifiers.filter(Boolean).length !== specifiers.length) {
    return null;
  }

  return specifiers;
}

function filter(versions, specifier, options = {}) {
  const filtered = pick(versions, specifier, options);
  if (filtered.length === 0 && options.prereleases === undefined) {
    return pick(versions, specifier, { prereleases: true });
  }
  return filtered;
}

function maxSatisfying(versions, range, options) {
  const found = filter(versions, range, options).sort(Operator.compare);
  return found.length === 0 ? null : found[found.length - 1];
}

function minSatisfying(versions, range, options) {
  const found = filter(versions, range, options).sort(Operator.compare);
  return found.length === 0 ? null : found[0];
}

function pick(versions, specifier, options) {
  const parsed = parse(specifier);

  if (!parsed) {
    return [];
  }

  return versions.filter((version) => {
    const explained = explainVersion(version);

    if (!parsed.length) {
      return explained && !(explained.is_prerelease && !options.prereleases);
    }

    return parsed.reduce((pass, spec) => {
      if (!pass) {
        return false;
      }
      return contains({ ...spec, ...options }, { version, explained });
    }, true);
  });
}

function satisfies(version, specifier, options = {}) {
  const filtered = pick([version], specifier, options);

  return filtered.length === 1;
}

function arrayStartsWith(array, prefix) {
  if (prefix.length > array.length) {
    return false;
  }

  for (let i = 0; i < prefix.length; i += 1) {
    if (prefix[i] !== array[i]) {
      return false;
    }
  }

  return true;
}

function contains(specifier, input) {
  const { explained } = input;
  let { version } = input;
  const { ...spec } = specifier;

  if (spec.prereleases === undefined) {
    spec.prereleases = spec.is_prerelease;
  }

  if (explained && explained.is_prerelease && !spec.prereleases) {
    return false;
  }

  if (spec.operator === '~=') {
    let compatiblePrefix = spec.release.slice(0, -1).concat('*').join('.');
    if (spec.epoch) {
      compatiblePrefix = spec.epoch + '!' + compatiblePrefix;
    }
    return satisfies(version, `>=${spec.version}, ==${compatiblePrefix}`, {
      prereleases: spec.prereleases,
    });
  }

  if (spec.prefix) {
    const isMatching =
      explained.epoch === spec.epoch &&
      arrayStartsWith(explained.release, spec.release);
    const isEquality = spec.operator !== '!=';
    return isEquality ? isMatching : !isMatching;
  }

  if (explained)
    if (explained.local && spec.version) {
      version = explained.public;
      spec.version = explainVersion(spec.version).public;
    }

  if (spec.operator === '<' || spec.operator === '>') {
    // simplified version of https://www.python.org/dev/peps/pep-0440/#exclusive-ordered-comparison
    if (Operator.eq(spec.release.join('.'), explained.release.join('.'))) {
      return false;
    }
  }

  const op = Operator[spec.operator];
  return op(version, spec.version || spec.legacy);
}

function validRange(specifier) {
  return Boolean(parse(specifier));
}


/***/ }),

/***/ 4818:
/***/ ((module) => {

const VERSION_PATTERN = [
  'v?',
  '(?:',
  /* */ '(?:(?<epoch>[0-9]+)!)?', // epoch
  /* */ '(?<release>[0-9]+(?:\\.[0-9]+)*)', // release segment
  /* */ '(?<pre>', // pre-release
  /*    */ '[-_\\.]?',
  /*    */ '(?<pre_l>(a|b|c|rc|alpha|beta|pre|preview))',
  /*    */ '[-_\\.]?',
  /*    */ '(?<pre_n>[0-9]+)?',
  /* */ ')?',
  /* */ '(?<post>', // post release
  /*    */ '(?:-(?<post_n1>[0-9]+))',
  /*    */ '|',
  /*    */ '(?:',
  /*        */ '[-_\\.]?',
  /*        */ '(?<post_l>post|rev|r)',
  /*        */ '[-_\\.]?',
  /*        */ '(?<post_n2>[0-9]+)?',
  /*    */ ')',
  /* */ ')?',
  /* */ '(?<dev>', // dev release
  /*    */ '[-_\\.]?',
  /*    */ '(?<dev_l>dev)',
  /*    */ '[-_\\.]?',
  /*    */ '(?<dev_n>[0-9]+)?',
  /* */ ')?',
  ')',
  '(?:\\+(?<local>[a-z0-9]+(?:[-_\\.][a-z0-9]+)*))?', // local version
].join('');

module.exports = {
  VERSION_PATTERN,
  valid,
  clean,
  explain,
  parse,
  stringify,
};

const validRegex = new RegExp('^' + VERSION_PATTERN + '$', 'i');

function valid(version) {
  return validRegex.test(version) ? version : null;
}

const cleanRegex = new RegExp('^\\s*' + VERSION_PATTERN + '\\s*$', 'i');
function clean(version) {
  return stringify(parse(version, cleanRegex));
}

function parse(version, regex) {
  // Validate the version and parse it into pieces
  const { groups } = (regex || validRegex).exec(version) || {};
  if (!groups) {
    return null;
  }

  // Store the parsed out pieces of the version
  const parsed = {
    epoch: Number(groups.epoch ? groups.epoch : 0),
    release: groups.release.split('.').map(Number),
    pre: normalize_letter_version(groups.pre_l, groups.pre_n),
    post: normalize_letter_version(
      groups.post_l,
      groups.post_n1 || groups.post_n2,
    ),
    dev: normalize_letter_version(groups.dev_l, groups.dev_n),
    local: parse_local_version(groups.local),
  };

  return parsed;
}

function stringify(parsed) {
  if (!parsed) {
    return null;
  }
  const { epoch, release, pre, post, dev, local } = parsed;
  const parts = [];

  // Epoch
  if (epoch !== 0) {
    parts.push(`${epoch}!`);
  }
  // Release segment
  parts.push(release.join('.'));

  // Pre-release
  if (pre) {
    parts.push(pre.join(''));
  }
  // Post-release
  if (post) {
    parts.push('.' + post.join(''));
  }
  // Development release
  if (dev) {
    parts.push('.' + dev.join(''));
  }
  // Local version segment
  if (local) {
    parts.push(`+${local}`);
  }
  return parts.join('');
}

function normalize_letter_version(letterIn, numberIn) {
  let letter = letterIn;
  let number = numberIn;
  if (letter) {
    // We consider there to be an implicit 0 in a pre-release if there is
    // not a numeral associated with it.
    if (!number) {
      number = 0;
    }
    // We normalize any letters to their lower case form
    letter = letter.toLowerCase();

    // We consider some words to be alternate spellings of other words and
    // in those cases we want to normalize the spellings to our preferred
    // spelling.
    if (letter === 'alpha') {
      letter = 'a';
    } else if (letter === 'beta') {
      letter = 'b';
    } else if (['c', 'pre', 'preview'].includes(letter)) {
      letter = 'rc';
    } else if (['rev', 'r'].includes(letter)) {
      letter = 'post';
    }
    return [letter, Number(number)];
  }
  if (!letter && number) {
    // We assume if we are given a number, but we are not given a letter
    // then this is using the implicit post release syntax (e.g. 1.0-1)
    letter = 'post';

    return [letter, Number(number)];
  }
  return null;
}

function parse_local_version(local) {
  /*
    Takes a string like abc.1.twelve and turns it into("abc", 1, "twelve").
    */
  if (local) {
    return local
      .split(/[._-]/)
      .map((part) =>
        Number.isNaN(Number(part)) ? part.toLowerCase() : Number(part),
      );
  }
  return null;
}

function explain(version) {
  const parsed = parse(version);
  if (!parsed) {
    return parsed;
  }
  const { epoch, release, pre, post, dev, local } = parsed;

  let base_version = '';
  if (epoch !== 0) {
    base_version += epoch + '!';
  }
  base_version += release.join('.');

  const is_prerelease = Boolean(dev || pre);
  const is_devrelease = Boolean(dev);
  const is_postrelease = Boolean(post);

  // return

  return {
    epoch,
    release,
    pre,
    post: post ? post[1] : post,
    dev: dev ? dev[1] : dev,
    local: local ? local.join('.') : local,
    public: stringify(parsed).split('+', 1)[0],
    base_version,
    is_prerelease,
    is_devrelease,
    is_postrelease,
  };
}


/***/ }),

/***/ 7221:
/***/ ((__webpack_module__, __unused_webpack___webpack_exports__, __nccwpck_require__) => {

__nccwpck_require__.a(__webpack_module__, async (__webpack_handle_async_dependencies__, __webpack_async_result__) => { try {
/* harmony import */ var _server_js__WEBPACK_IMPORTED_MODULE_0__ = __nccwpck_require__(8412);
/** Entry of the index action: its main step, its post step, and the server that lives between them. */

/** The runner gives a state to the post step, and to nobody else. */
const STARTED = 'STATE_nonce';
/** A promise that never settles lets Node leave with code 0, and the step would be green with nothing served. */
let ended = false;
process.once('exit', (code) => {
    if (!ended && code === 0)
        process.exitCode = 1;
});
if (process.argv[2] === _server_js__WEBPACK_IMPORTED_MODULE_0__/* .SERVER */ .y) {
    await (0,_server_js__WEBPACK_IMPORTED_MODULE_0__/* .serveForJob */ .E)(process);
}
else {
    // The server needs nothing of a runner's.
    const { start, finish } = await Promise.all(/* import() */[__nccwpck_require__.e(942), __nccwpck_require__.e(143), __nccwpck_require__.e(907)]).then(__nccwpck_require__.bind(__nccwpck_require__, 6907));
    await (process.env[STARTED] === undefined ? start(process) : finish(process));
}
ended = true;

__webpack_async_result__();
} catch(e) { __webpack_async_result__(e); } }, 1);

/***/ }),

/***/ 8412:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __nccwpck_require__) => {


// EXPORTS
__nccwpck_require__.d(__webpack_exports__, {
  y: () => (/* binding */ SERVER),
  E: () => (/* binding */ serveForJob)
});

// EXTERNAL MODULE: external "node:events"
var external_node_events_ = __nccwpck_require__(8474);
// EXTERNAL MODULE: ./lib/core/errors.js
var errors = __nccwpck_require__(3828);
// EXTERNAL MODULE: ./lib/core/text/printable.js
var printable = __nccwpck_require__(8680);
;// CONCATENATED MODULE: ./lib/core/text/redactor.js
/** Shorter texts are no secrets, and hiding them would wreck every line. */
const SHORTEST = 4;
/**
 * Remembers secrets and takes them out of texts, for where no runner hides them: on terminals, and in texts that are cut
 * before a runner sees them, which knows secrets as a whole only.
 */
class Redactor {
    /** Longest first, so that no secret shows the rest of another that it is a part of. */
    #secrets = [];
    #shortest;
    /** @param shortest what has fewer characters is not hidden */
    constructor(shortest = SHORTEST) {
        this.#shortest = shortest;
    }
    mask(secret) {
        const parts = [secret, ...secret.split(/[\r\n]+/)]
            .map((part) => part.trim())
            .filter((part) => part.length >= this.#shortest)
            .flatMap((part) => [part, JSON.stringify(part).slice(1, -1)]);
        this.#secrets = [...new Set([...this.#secrets, ...parts])].sort((a, b) => b.length - a.length);
    }
    redact(text) {
        return this.#secrets.reduce((redacted, secret) => redacted.replaceAll(secret, '***'), text);
    }
}

;// CONCATENATED MODULE: external "node:timers/promises"
const promises_namespaceObject = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:timers/promises");
;// CONCATENATED MODULE: ./lib/core/cancellation.js
/**
 * A signal that aborts with the first of those given. Always a new one: Node takes more than ten listeners on one signal
 * for a leak, and warns.
 */
function anySignal(first, second) {
    return AbortSignal.any(second ? [first, second] : [first]);
}
/** The outcome of work that others wait for too; the wait, not the work, ends with the signal's reason. */
async function unlessAborted(work, signal) {
    // When the wait is over first, the work may fail with nobody left to hear it, which would end the process.
    work.catch(() => { });
    signal.throwIfAborted();
    const own = anySignal(signal, undefined);
    let stop = () => { };
    const aborted = new Promise((_, reject) => {
        stop = () => reject(own.reason);
        own.addEventListener('abort', stop, { once: true });
    });
    try {
        return await Promise.race([work, aborted]);
    }
    finally {
        own.removeEventListener('abort', stop);
    }
}

;// CONCATENATED MODULE: ./lib/run/machine/system.js


/** The real time. */
const systemClock = {
    now: () => Date.now(),
    sleep: async (milliseconds, signal) => {
        try {
            await (0,promises_namespaceObject.setTimeout)(milliseconds, undefined, signal ? { signal: anySignal(signal, undefined) } : {});
        }
        catch (error) {
            // Node wraps the reason in an AbortError of its own; callers are promised the reason.
            throw signal?.aborted ? signal.reason : error;
        }
    },
};
const systemRandom = () => Math.random();

;// CONCATENATED MODULE: ./lib/run/machine/version.js
/** The version in package.json, kept here so that a bundle need not read files; a test holds the two together. */
const VERSION = '0.1.0';
/** How a face names itself to registries and APIs. */
function userAgent(face) {
    return `pyoci-publish/${VERSION} (${face})`;
}

// EXTERNAL MODULE: ./lib/core/text/size.js
var size = __nccwpck_require__(2346);
;// CONCATENATED MODULE: ./lib/run/serving/request-log.js
/** Lines about what an index does, for people who look on. */

/** How much of a file's hash tells it apart. */
const SHORT_HASH = 12;
/** Tells events to a log: failures always; files and pages as usual; every request if asked. */
function requestLog(log, detail) {
    return (event) => {
        switch (event.kind) {
            case 'failed':
                return log.error(event.hint === undefined ? event.message : `${event.message}\nTo fix it: ${event.hint}`);
            case 'uploaded':
                return detail === 'quiet' ? undefined : log.info(`${event.status} ${event.file} in ${event.image}`);
            case 'redirected':
                return detail === 'verbose' ? log.info(`${event.project} is not ours: left to the other index`) : undefined;
            case 'passed-over':
                return detail === 'quiet'
                    ? undefined
                    : log.notice(`${event.project}: passed over ${event.what}, since ${event.why}`);
            case 'answered':
                return detail === 'verbose' || (detail === 'usual' && isWorthALine(event))
                    ? log.info(lineOf(event))
                    : undefined;
        }
    };
}
/** A log that says only what is wrong: for a command that has the terminal. */
function failuresOnly(log) {
    const silent = () => { };
    return {
        debug: (message) => log.debug(message),
        info: silent,
        notice: silent,
        warning: (message) => log.warning(message),
        error: (message) => log.error(message),
        group: (_, work) => work(),
    };
}
/** Not the questions whose answer the client has, and what is left to others. */
function isWorthALine({ status, target }) {
    return status !== 304 && status !== 302 && status !== 301 && target !== '/health';
}
function lineOf({ method, target, status, cut, bytes, milliseconds, client }) {
    const shown = target.replace(/^\/files\/([0-9a-f]{64})\//, (_, hash) => `/files/${hash.slice(0, SHORT_HASH)}…/`);
    const verb = method === 'GET' ? '' : `${method} `;
    const columns = [
        status === 0 ? 'gone' : cut ? 'cut' : String(status),
        (0,size/* sizeText */.l)(bytes).padStart(10),
        `${milliseconds} ms`.padStart(9),
        client.slice(0, 16).padEnd(16),
        `${verb}${shown}`,
    ];
    return columns.join('  ');
}

// EXTERNAL MODULE: external "node:crypto"
var external_node_crypto_ = __nccwpck_require__(7598);
;// CONCATENATED MODULE: ./lib/github/job.js
/** `undefined` outside GitHub Actions, even where stray variables of it are set. */
function githubJob(env) {
    if (env.GITHUB_ACTIONS !== 'true')
        return undefined;
    const serverUrl = (env.GITHUB_SERVER_URL || 'https://github.com').replace(/\/+$/, '');
    return {
        serverUrl,
        apiUrl: (env.GITHUB_API_URL || 'https://api.github.com').replace(/\/+$/, ''),
        actor: env.GITHUB_ACTOR || undefined,
        owner: env.GITHUB_REPOSITORY_OWNER || undefined,
        run: runOf(env, serverUrl),
    };
}
function isGitHubDotCom(job) {
    return job.serverUrl.toLowerCase() === 'https://github.com';
}
function runOf(env, serverUrl) {
    const id = env.GITHUB_RUN_ID;
    const repository = env.GITHUB_REPOSITORY;
    if (!id || !repository)
        return undefined;
    return { id, repositoryUrl: `${serverUrl}/${repository}`, revision: env.GITHUB_SHA || undefined };
}

;// CONCATENATED MODULE: ./lib/oci/registry/transport/retry.js
const PATIENCE = {
    attempts: 6,
    firstDelay: 500,
    longestDelay: 20_000,
    longestRetryAfter: 90_000,
    stepBudget: 180_000,
    totalBudget: 900_000,
    silence: 60_000,
    silenceAfterBlob: 300_000,
    longestAnswer: 120_000,
};
/** Statuses behind which the same request may pass later. */
function isTemporary(status) {
    return [408, 429, 500, 502, 503, 504].includes(status);
}
/**
 * How long to wait before the next try, or `undefined` to give up. Exponential with full jitter: any wait from 0 to the
 * bound, so that publishers that failed together do not come back together. On top of what the registry asked for.
 * @param chance in [0, 1)
 */
function delayBeforeRetry(standing, chance, patience) {
    const { attempt, waitedForStep, waitedInAll, retryAfter = 0 } = standing;
    if (attempt >= patience.attempts || retryAfter > patience.longestRetryAfter)
        return undefined;
    const bound = Math.min(patience.longestDelay, patience.firstDelay * 2 ** (attempt - 1));
    const delay = Math.round(retryAfter + chance * bound);
    if (waitedForStep + delay > patience.stepBudget || waitedInAll + delay > patience.totalBudget)
        return undefined;
    return delay;
}
/**
 * `Retry-After` in milliseconds from `now`, given as seconds or as a date; `undefined` if it is neither. A date that
 * has passed means at once.
 * @see https://www.rfc-editor.org/rfc/rfc9110#section-10.2.3
 */
function parseRetryAfter(header, now) {
    const text = header?.trim() ?? '';
    if (/^\d{1,9}(?:\.\d+)?$/.test(text))
        return Math.ceil(Number(text) * 1000);
    // Only the form that HTTP has: Date.parse also takes "2" or "in 5 minutes" for a date.
    const date = /^[A-Z][a-z]{2,8}, \d{2}[ -][A-Z][a-z]{2}[ -]\d{2,4} \d{2}:\d{2}:\d{2} GMT$/.test(text)
        ? Date.parse(text)
        : Number.NaN;
    return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}

// EXTERNAL MODULE: external "node:http"
var external_node_http_ = __nccwpck_require__(7067);
;// CONCATENATED MODULE: ./lib/core/error-code.js
/** The `code` that Node gives its errors (`ENOENT`, `ERR_PARSE_ARGS_UNKNOWN_OPTION`), if there is one. */
function codeOf(error) {
    const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
    return typeof code === 'string' ? code : undefined;
}

;// CONCATENATED MODULE: ./lib/core/text/json-text.js
/**
 * A value as JSON text of several lines, with a line end. Besides being JSON it can be printed anywhere: what a terminal
 * or a runner would act on stands escaped, which changes nothing for whoever parses it.
 */
function jsonText(value) {
    return `${harmless(JSON.stringify(value, undefined, 2))}\n`;
}
/** `##[` is a runner's command wherever it stands; the other characters steer a terminal or hide text. */
function harmless(json) {
    return json.replace(/##(?=\[)/g, '#\\u0023').replace(/[^\n\P{Cc}]|[\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Co}\p{Cn}]/gu, escaped);
}
function escaped(character) {
    return [...Array(character.length).keys()]
        .map((at) => `\\u${character.charCodeAt(at).toString(16).padStart(4, '0')}`)
        .join('');
}

;// CONCATENATED MODULE: ./lib/simple/problem-document.js
/** Why a request failed, in the form that uv prints. @see https://www.rfc-editor.org/rfc/rfc9457 */

const PROBLEM_TYPE = 'application/problem+json';
function problemJson({ status, title, detail }) {
    return jsonText({ type: 'about:blank', title, status, detail });
}

;// CONCATENATED MODULE: ./lib/serve/answers.js
/** The forms of an answer: pages, redirects, and problems in words that clients print. */


/** Pages may have changed at the next request: clients ask again, and get 304 for what they have. */
const PAGE_HEADERS = { 'cache-control': 'private, max-age=0, must-revalidate', vary: 'Accept' };
/** Characters of a status line that every client shows as they are. */
const PLAIN = /[^\x20-\x7e]+/g;
const LONGEST_TITLE = 200;
/** Answers with a page, or with 304 to a client that has it. A HEAD gets the same without the body. */
function sendPage(request, response, type, text) {
    const body = Buffer.from(text);
    const etag = `"${(0,external_node_crypto_.createHash)('sha256').update(type).update(body).digest('hex').slice(0, 32)}"`;
    const headers = { ...PAGE_HEADERS, etag };
    if (namesTag(request.headers['if-none-match'], etag)) {
        response.writeHead(304, headers).end();
        return;
    }
    sendBody(request, response, 200, { ...headers, 'content-type': type }, body);
}
/** Answers with a document that means something at this moment only. */
function sendJson(request, response, value) {
    const headers = { 'content-type': 'application/json', 'cache-control': 'no-store' };
    sendBody(request, response, 200, headers, Buffer.from(`${JSON.stringify(value)}\n`));
}
function sendRedirect(response, status, location) {
    response.writeHead(status, { location, 'content-length': '0', 'cache-control': 'no-store' }).end();
}
/** Says what went wrong in the status line, which pip prints, and in the body, which uv prints. */
function sendProblem(request, response, trouble, more = {}) {
    response.statusMessage = trouble.title.replace(PLAIN, '?').slice(0, LONGEST_TITLE);
    const headers = { 'content-type': PROBLEM_TYPE, 'cache-control': 'no-store', ...more };
    sendBody(request, response, trouble.status, headers, Buffer.from(problemJson(trouble)));
}
function sendBody({ method }, response, status, headers, body) {
    response.writeHead(status, { ...headers, 'content-length': String(body.length) });
    response.end(method === 'HEAD' ? undefined : body);
}
/** Whether `If-None-Match` names this entity tag; weak comparison, RFC 9110 section 13.1.2. */
function namesTag(header, etag) {
    if (header === undefined)
        return false;
    return header.split(',').some((tag) => tag.trim() === '*' || tag.trim().replace(/^W\//, '') === etag);
}

;// CONCATENATED MODULE: external "node:stream/promises"
const external_node_stream_promises_namespaceObject = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:stream/promises");
;// CONCATENATED MODULE: ./lib/serve/files/ranges.js
/** One range with its first byte, or the length of an end. Several are answered with everything, as the RFC allows. */
const RANGE = /^bytes=(?:([0-9]{1,15})-([0-9]{0,15})|-([0-9]{1,15}))$/i;
/**
 * @param headers `range`, and `if-range` with the entity tag that the client has a part of
 * @param size of the file, in bytes
 * @param etag of the file, with its quotes
 */
function partAsked(headers, size, etag) {
    const { range, 'if-range': condition } = headers;
    if (range === undefined || (condition !== undefined && condition !== etag))
        return 'whole';
    const [, from, to, end] = RANGE.exec(range.trim()) ?? [];
    if (end !== undefined)
        return within(size - Math.min(Number(end), size), size - 1, size);
    if (from === undefined)
        return 'whole';
    const last = to ? Number(to) : size - 1;
    // One that ends before it begins is no range.
    return to && last < Number(from) ? 'whole' : within(Number(from), last, size);
}
function within(first, last, size) {
    return first < size ? { first, last: Math.min(last, size - 1) } : 'beyond';
}

;// CONCATENATED MODULE: ./lib/serve/file-answers.js
/** Answers with files: whole and verified, or a part; and with the metadata of wheels. */




/** The address holds the hash: what it leads to never changes. */
const IMMUTABLE = 'private, max-age=31536000, immutable';
/** @throws what the registry failed with, as long as nothing is sent; then the connection is cut instead */
async function sendFile(request, response, listed, files, signal) {
    const blob = await files.blobOf(listed, { signal });
    const etag = `"${blob.digest}"`;
    const headers = {
        'content-type': 'application/octet-stream',
        'accept-ranges': 'bytes',
        'cache-control': IMMUTABLE,
        etag,
    };
    if (namesTag(request.headers['if-none-match'], etag)) {
        response.writeHead(304, headers).end();
        return;
    }
    const part = request.method === 'HEAD' ? 'whole' : partAsked(request.headers, blob.size, etag);
    if (part === 'beyond') {
        const detail = `${listed.file.filename} has ${blob.size} bytes.`;
        sendProblem(request, response, { status: 416, title: 'Range not satisfiable', detail }, {
            'content-range': `bytes */${blob.size}`,
        });
        return;
    }
    if (request.method === 'HEAD') {
        response.writeHead(200, { ...headers, 'content-length': String(blob.size) }).end();
        return;
    }
    if (part === 'whole') {
        const body = await begun(await files.open(listed, blob, { signal }));
        response.writeHead(200, { ...headers, 'content-length': String(blob.size) });
        await sendAll(body, response);
        return;
    }
    const body = await begun(await files.openPart(listed, blob, part, { signal }));
    response.writeHead(206, {
        ...headers,
        'content-range': `bytes ${part.first}-${part.last}/${blob.size}`,
        'content-length': String(part.last - part.first + 1),
    });
    await sendAll(body, response);
}
async function sendMetadata(request, response, listed, files, signal) {
    const etag = `"sha256:${listed.file.sha256}.metadata"`;
    const headers = { 'content-type': 'text/plain; charset=utf-8', 'cache-control': IMMUTABLE, etag };
    if (namesTag(request.headers['if-none-match'], etag)) {
        response.writeHead(304, headers).end();
        return;
    }
    const bytes = await files.metadataOf(listed, { signal });
    response.writeHead(200, { ...headers, 'content-length': String(bytes.length) });
    response.end(request.method === 'HEAD' ? undefined : bytes);
}
/** The stream once something of it is there, so that what fails before can still be said in words. */
async function begun(stream) {
    if (stream.readableLength === 0 && !stream.readableEnded)
        await (0,external_node_events_.once)(stream, 'readable');
    if (stream.errored)
        throw stream.errored;
    return stream;
}
/** @throws why the file did not come, if that is what ended it, and not the client */
async function sendAll(body, response) {
    try {
        await (0,external_node_stream_promises_namespaceObject.pipeline)(body, response);
    }
    catch (error) {
        throw body.errored ?? error;
    }
}

// EXTERNAL MODULE: external "node:diagnostics_channel"
var external_node_diagnostics_channel_ = __nccwpck_require__(3053);
;// CONCATENATED MODULE: ./node_modules/lru-cache/dist/esm/node/index.min.js
var S=(0,external_node_diagnostics_channel_.channel)("lru-cache:metrics"),W=(0,external_node_diagnostics_channel_.tracingChannel)("lru-cache");var L=typeof performance=="object"&&performance&&typeof performance.now=="function"?performance:Date;var R=()=>S.hasSubscribers||W.hasSubscribers,U=new Set,M=typeof process=="object"&&process?process:{},k=(d,e,t,i)=>{typeof M.emitWarning=="function"?M.emitWarning(d,e,t,i):console.error(`[${t}] ${e}: ${d}`)},H=d=>!U.has(d);var T=d=>!!d&&d===Math.floor(d)&&d>0&&isFinite(d),j=d=>T(d)?d<=Math.pow(2,8)?Uint8Array:d<=Math.pow(2,16)?Uint16Array:d<=Math.pow(2,32)?Uint32Array:d<=Number.MAX_SAFE_INTEGER?O:null:null,O=class extends Array{constructor(e){super(e),this.fill(0)}},x=class d{heap;length;static#o=!1;static create(e){let t=j(e);if(!t)return[];d.#o=!0;let i=new d(e,t);return d.#o=!1,i}constructor(e,t){if(!d.#o)throw new TypeError("instantiate Stack using Stack.create(n)");this.heap=new t(e),this.length=0}push(e){this.heap[this.length++]=e}pop(){return this.heap[--this.length]}},I=class d{#o;#c;#S;#O;#w;#M;#I;#m;get perf(){return this.#m}ttl;ttlResolution;ttlAutopurge;updateAgeOnGet;updateAgeOnHas;allowStale;noDisposeOnSet;noUpdateTTL;maxEntrySize;sizeCalculation;noDeleteOnFetchRejection;noDeleteOnStaleGet;allowStaleOnFetchAbort;allowStaleOnFetchRejection;ignoreFetchAbort;backgroundFetchSize;#n;#b;#s;#i;#t;#l;#u;#a;#h;#y;#r;#_;#F;#d;#g;#T;#U;#f;#D;static unsafeExposeInternals(e){return{starts:e.#F,ttls:e.#d,autopurgeTimers:e.#g,sizes:e.#_,keyMap:e.#s,keyList:e.#i,valList:e.#t,next:e.#l,prev:e.#u,get head(){return e.#a},get tail(){return e.#h},free:e.#y,isBackgroundFetch:t=>e.#e(t),backgroundFetch:(t,i,s,n)=>e.#P(t,i,s,n),moveToTail:t=>e.#L(t),indexes:t=>e.#A(t),rindexes:t=>e.#z(t),isStale:t=>e.#p(t)}}get max(){return this.#o}get maxSize(){return this.#c}get calculatedSize(){return this.#b}get size(){return this.#n}get fetchMethod(){return this.#M}get memoMethod(){return this.#I}get dispose(){return this.#S}get onInsert(){return this.#O}get disposeAfter(){return this.#w}constructor(e){let{max:t=0,ttl:i,ttlResolution:s=1,ttlAutopurge:n,updateAgeOnGet:o,updateAgeOnHas:l,allowStale:h,dispose:r,onInsert:c,disposeAfter:m,noDisposeOnSet:_,noUpdateTTL:u,maxSize:g=0,maxEntrySize:f=0,sizeCalculation:y,fetchMethod:a,memoMethod:w,noDeleteOnFetchRejection:F,noDeleteOnStaleGet:b,allowStaleOnFetchRejection:p,allowStaleOnFetchAbort:A,ignoreFetchAbort:z,backgroundFetchSize:C=1,perf:E}=e;if(this.backgroundFetchSize=C,E!==void 0&&typeof E?.now!="function")throw new TypeError("perf option must have a now() method if specified");if(this.#m=E??L,t!==0&&!T(t))throw new TypeError("max option must be a nonnegative integer");let v=t?j(t):Array;if(!v)throw new Error("invalid max value: "+t);if(this.#o=t,this.#c=g,this.maxEntrySize=f||this.#c,this.sizeCalculation=y,this.sizeCalculation){if(!this.#c&&!this.maxEntrySize)throw new TypeError("cannot set sizeCalculation without setting maxSize or maxEntrySize");if(typeof this.sizeCalculation!="function")throw new TypeError("sizeCalculation set to non-function")}if(w!==void 0&&typeof w!="function")throw new TypeError("memoMethod must be a function if defined");if(this.#I=w,a!==void 0&&typeof a!="function")throw new TypeError("fetchMethod must be a function if specified");if(this.#M=a,this.#U=!!a,this.#s=new Map,this.#i=Array.from({length:t}).fill(void 0),this.#t=Array.from({length:t}).fill(void 0),this.#l=new v(t),this.#u=new v(t),this.#a=0,this.#h=0,this.#y=x.create(t),this.#n=0,this.#b=0,typeof r=="function"&&(this.#S=r),typeof c=="function"&&(this.#O=c),typeof m=="function"?(this.#w=m,this.#r=[]):(this.#w=void 0,this.#r=void 0),this.#T=!!this.#S,this.#D=!!this.#O,this.#f=!!this.#w,this.noDisposeOnSet=!!_,this.noUpdateTTL=!!u,this.noDeleteOnFetchRejection=!!F,this.allowStaleOnFetchRejection=!!p,this.allowStaleOnFetchAbort=!!A,this.ignoreFetchAbort=!!z,this.maxEntrySize!==0){if(this.#c!==0&&!T(this.#c))throw new TypeError("maxSize must be a positive integer if specified");if(!T(this.maxEntrySize))throw new TypeError("maxEntrySize must be a positive integer if specified");this.#X()}if(this.allowStale=!!h,this.noDeleteOnStaleGet=!!b,this.updateAgeOnGet=!!o,this.updateAgeOnHas=!!l,this.ttlResolution=T(s)||s===0?s:1,this.ttlAutopurge=!!n,this.ttl=i||0,this.ttl){if(!T(this.ttl))throw new TypeError("ttl must be a positive integer if specified");this.#k()}if(this.#o===0&&this.ttl===0&&this.#c===0)throw new TypeError("At least one of max, maxSize, or ttl is required");if(!this.ttlAutopurge&&!this.#o&&!this.#c){let D="LRU_CACHE_UNBOUNDED";H(D)&&(U.add(D),k("TTL caching without ttlAutopurge, max, or maxSize can result in unbounded memory consumption.","UnboundedCacheWarning",D,d))}}getRemainingTTL(e){return this.#s.has(e)?1/0:0}#k(){let e=new O(this.#o),t=new O(this.#o);this.#d=e,this.#F=t;let i=this.ttlAutopurge?Array.from({length:this.#o}):void 0;this.#g=i,this.#H=(h,r,c=this.#m.now())=>{t[h]=r!==0?c:0,e[h]=r,s(h,r)},this.#R=h=>{t[h]=e[h]!==0?this.#m.now():0,s(h,e[h])};let s=this.ttlAutopurge?(h,r)=>{if(i?.[h]&&(clearTimeout(i[h]),i[h]=void 0),r&&r!==0&&i){let c=setTimeout(()=>{this.#p(h)?(this.#E(this.#i[h],"expire"),i[h]=void 0):s(h,l(h))},r+1);c.unref&&c.unref(),i[h]=c}}:()=>{};this.#v=(h,r)=>{if(e[r]){let c=e[r],m=t[r];if(!c||!m)return;h.ttl=c,h.start=m,h.now=n||o();let _=h.now-m;h.remainingTTL=c-_}};let n=0,o=()=>{let h=this.#m.now();if(this.ttlResolution>0){n=h;let r=setTimeout(()=>n=0,this.ttlResolution);r.unref&&r.unref()}return h};this.getRemainingTTL=h=>{let r=this.#s.get(h);return r===void 0?0:l(r)};let l=h=>{let r=e[h],c=t[h];if(!r||!c)return 1/0;let m=(n||o())-c;return r-m};this.#p=h=>{let r=t[h],c=e[h];return!!c&&!!r&&(n||o())-r>c}}#R=()=>{};#v=()=>{};#H=()=>{};#p=()=>!1;#X(){let e=new O(this.#o);this.#b=0,this.#_=e,this.#x=t=>{this.#b-=e[t],e[t]=0},this.#N=(t,i,s,n)=>{if(!T(s)){if(this.#e(i))return this.backgroundFetchSize;if(n){if(typeof n!="function")throw new TypeError("sizeCalculation must be a function");if(s=n(i,t),!T(s))throw new TypeError("sizeCalculation return invalid (expect positive integer)")}else throw new TypeError("invalid size value (must be positive integer). When maxSize or maxEntrySize is used, sizeCalculation or size must be set.")}return s},this.#j=(t,i,s)=>{if(e[t]=i,this.#c){let n=this.#c-e[t];for(;this.#b>n;)this.#G(!0)}this.#b+=e[t],s&&(s.entrySize=i,s.totalCalculatedSize=this.#b)}}#x=e=>{};#j=(e,t,i)=>{};#N=(e,t,i,s)=>{if(i||s)throw new TypeError("cannot set size without setting maxSize or maxEntrySize on cache");return 0};*#A({allowStale:e=this.allowStale}={}){if(this.#n)for(let t=this.#h;this.#V(t)&&((e||!this.#p(t))&&(yield t),t!==this.#a);)t=this.#u[t]}*#z({allowStale:e=this.allowStale}={}){if(this.#n)for(let t=this.#a;this.#V(t)&&((e||!this.#p(t))&&(yield t),t!==this.#h);)t=this.#l[t]}#V(e){return e!==void 0&&this.#s.get(this.#i[e])===e}*entries(){for(let e of this.#A())this.#t[e]!==void 0&&this.#i[e]!==void 0&&!this.#e(this.#t[e])&&(yield[this.#i[e],this.#t[e]])}*rentries(){for(let e of this.#z())this.#t[e]!==void 0&&this.#i[e]!==void 0&&!this.#e(this.#t[e])&&(yield[this.#i[e],this.#t[e]])}*keys(){for(let e of this.#A()){let t=this.#i[e];t!==void 0&&!this.#e(this.#t[e])&&(yield t)}}*rkeys(){for(let e of this.#z()){let t=this.#i[e];t!==void 0&&!this.#e(this.#t[e])&&(yield t)}}*values(){for(let e of this.#A())this.#t[e]!==void 0&&!this.#e(this.#t[e])&&(yield this.#t[e])}*rvalues(){for(let e of this.#z())this.#t[e]!==void 0&&!this.#e(this.#t[e])&&(yield this.#t[e])}[Symbol.iterator](){return this.entries()}[Symbol.toStringTag]="LRUCache";find(e,t={}){for(let i of this.#A()){let s=this.#t[i],n=this.#e(s)?s.__staleWhileFetching:s;if(n!==void 0&&e(n,this.#i[i],this))return this.#C(this.#i[i],t)}}forEach(e,t=this){for(let i of this.#A()){let s=this.#t[i],n=this.#e(s)?s.__staleWhileFetching:s;n!==void 0&&e.call(t,n,this.#i[i],this)}}rforEach(e,t=this){for(let i of this.#z()){let s=this.#t[i],n=this.#e(s)?s.__staleWhileFetching:s;n!==void 0&&e.call(t,n,this.#i[i],this)}}purgeStale(){let e=!1;for(let t of this.#z({allowStale:!0}))this.#p(t)&&(this.#E(this.#i[t],"expire"),e=!0);return e}info(e){let t=this.#s.get(e);if(t===void 0)return;let i=this.#t[t],s=this.#e(i)?i.__staleWhileFetching:i;if(s===void 0)return;let n={value:s};if(this.#d&&this.#F){let o=this.#d[t],l=this.#F[t];if(o&&l){let h=o-(this.#m.now()-l);n.ttl=h,n.start=Date.now()}}return this.#_&&(n.size=this.#_[t]),n}dump(){let e=[];for(let t of this.#A({allowStale:!0})){let i=this.#i[t],s=this.#t[t],n=this.#e(s)?s.__staleWhileFetching:s;if(n===void 0||i===void 0)continue;let o={value:n};if(this.#d&&this.#F){o.ttl=this.#d[t];let l=this.#m.now()-this.#F[t];o.start=Math.floor(Date.now()-l)}this.#_&&(o.size=this.#_[t]),e.unshift([i,o])}return e}load(e){this.clear();for(let[t,i]of e){if(i.start){let s=Date.now()-i.start;i.start=this.#m.now()-s}this.#W(t,i.value,i)}}set(e,t,i={}){let{status:s=S.hasSubscribers?{}:void 0}=i;i.status=s,s&&(s.op="set",s.key=e,t!==void 0&&(s.value=t),s.cache=this);let n=this.#W(e,t,i);return s&&S.hasSubscribers&&S.publish(s),n}#W(e,t,i,s){let{ttl:n=this.ttl,start:o,noDisposeOnSet:l=this.noDisposeOnSet,sizeCalculation:h=this.sizeCalculation,status:r}=i,c=this.#e(t);if(t===void 0)return r&&(r.set="deleted"),this.delete(e),this;let{noUpdateTTL:m=this.noUpdateTTL}=i;r&&!c&&(r.value=t);let _=this.#N(e,t,i.size||0,h,r);if(this.maxEntrySize&&_>this.maxEntrySize)return this.#E(e,"set"),r&&(r.set="miss",r.maxEntrySizeExceeded=!0),this;let u=this.#n===0?void 0:this.#s.get(e);if(u===void 0)u=this.#n===0?this.#h:this.#y.length!==0?this.#y.pop():this.#n===this.#o?this.#G(!1):this.#n,this.#i[u]=e,this.#t[u]=t,this.#s.set(e,u),this.#l[this.#h]=u,this.#u[u]=this.#h,this.#h=u,this.#n++,this.#j(u,_,r),r&&(r.set="add"),m=!1,this.#D&&!c&&this.#O?.(t,e,"add");else{this.#L(u);let g=this.#t[u];if(t!==g){if(!l)if(this.#e(g)){g!==s&&g.__abortController.abort(new Error("replaced"));let{__staleWhileFetching:f}=g;f!==void 0&&f!==t&&(this.#T&&this.#S?.(f,e,"set"),this.#f&&this.#r?.push([f,e,"set"]))}else this.#T&&this.#S?.(g,e,"set"),this.#f&&this.#r?.push([g,e,"set"]);if(this.#x(u),this.#j(u,_,r),this.#t[u]=t,!c){let f=g&&this.#e(g)?g.__staleWhileFetching:g,y=f===void 0?"add":t!==f?"replace":"update";r&&(r.set=y,f!==void 0&&(r.oldValue=f)),this.#D&&this.onInsert?.(t,e,y)}}else c||(r&&(r.set="update"),this.#D&&this.onInsert?.(t,e,"update"))}if(n!==0&&!this.#d&&this.#k(),this.#d&&(m||this.#H(u,n,o),r&&this.#v(r,u)),!l&&this.#f&&this.#r){let g=this.#r,f;for(;f=g?.shift();)this.#w?.(...f)}return this}pop(){try{for(;this.#n;){let e=this.#t[this.#a];if(this.#G(!0),this.#e(e)){if(e.__staleWhileFetching)return e.__staleWhileFetching}else if(e!==void 0)return e}}finally{if(this.#f&&this.#r){let e=this.#r,t;for(;t=e?.shift();)this.#w?.(...t)}}}#G(e){let t=this.#a,i=this.#i[t],s=this.#t[t],n=this.#e(s);n&&s.__abortController.abort(new Error("evicted"));let o=n?s.__staleWhileFetching:s;return(this.#T||this.#f)&&o!==void 0&&(this.#T&&this.#S?.(o,i,"evict"),this.#f&&this.#r?.push([o,i,"evict"])),this.#x(t),this.#g?.[t]&&(clearTimeout(this.#g[t]),this.#g[t]=void 0),e&&(this.#i[t]=void 0,this.#t[t]=void 0,this.#y.push(t)),this.#n===1?(this.#a=this.#h=0,this.#y.length=0):this.#a=this.#l[t],this.#s.delete(i),this.#n--,t}has(e,t={}){let{status:i=S.hasSubscribers?{}:void 0}=t;t.status=i,i&&(i.op="has",i.key=e,i.cache=this);let s=this.#Y(e,t);return S.hasSubscribers&&S.publish(i),s}#Y(e,t={}){let{updateAgeOnHas:i=this.updateAgeOnHas,status:s}=t,n=this.#s.get(e);if(n!==void 0){let o=this.#t[n];if(this.#e(o)&&o.__staleWhileFetching===void 0)return!1;if(this.#p(n))s&&(s.has="stale",this.#v(s,n));else return i&&this.#R(n),s&&(s.has="hit",this.#v(s,n)),!0}else s&&(s.has="miss");return!1}peek(e,t={}){let{status:i=R()?{}:void 0}=t;i&&(i.op="peek",i.key=e,i.cache=this),t.status=i;let s=this.#J(e,t);return S.hasSubscribers&&S.publish(i),s}#J(e,t){let{status:i,allowStale:s=this.allowStale}=t,n=this.#s.get(e);if(n===void 0||!s&&this.#p(n)){i&&(i.peek=n===void 0?"miss":"stale");return}let o=this.#t[n],l=this.#e(o)?o.__staleWhileFetching:o;return i&&(l!==void 0?(i.peek="hit",i.value=l):i.peek="miss"),l}#P(e,t,i,s){let n=t===void 0?void 0:this.#t[t];if(this.#e(n))return n;let o=new AbortController,{signal:l}=i;l?.addEventListener("abort",()=>o.abort(l.reason),{signal:o.signal});let h={signal:o.signal,options:i,context:s},r=(f,y=!1)=>{let{aborted:a}=o.signal,w=i.ignoreFetchAbort&&f!==void 0,F=i.ignoreFetchAbort||!!(i.allowStaleOnFetchAbort&&f!==void 0);if(i.status&&(a&&!y?(i.status.fetchAborted=!0,i.status.fetchError=o.signal.reason,w&&(i.status.fetchAbortIgnored=!0)):i.status.fetchResolved=!0),a&&!w&&!y)return m(o.signal.reason,F);let b=u,p=this.#t[t];return(p===u||p===void 0&&w&&y)&&(f===void 0?b.__staleWhileFetching!==void 0?this.#t[t]=b.__staleWhileFetching:this.#E(e,"fetch"):(i.status&&(i.status.fetchUpdated=!0),this.#W(e,f,h.options,b))),f},c=f=>(i.status&&(i.status.fetchRejected=!0,i.status.fetchError=f),m(f,!1)),m=(f,y)=>{let{aborted:a}=o.signal,w=a&&i.allowStaleOnFetchAbort,F=w||i.allowStaleOnFetchRejection,b=F||i.noDeleteOnFetchRejection,p=u;if(this.#t[t]===u&&(!b||!y&&p.__staleWhileFetching===void 0?this.#E(e,"fetch"):w||(this.#t[t]=p.__staleWhileFetching)),F)return i.status&&p.__staleWhileFetching!==void 0&&(i.status.returnedStale=!0),p.__staleWhileFetching;if(p.__returned===p)throw f},_=(f,y)=>{let a=this.#M?.(e,n,h);o.signal.addEventListener("abort",()=>{(!i.ignoreFetchAbort||i.allowStaleOnFetchAbort)&&(f(void 0),i.allowStaleOnFetchAbort&&(f=w=>r(w,!0)))}),a&&a instanceof Promise?a.then(w=>f(w===void 0?void 0:w),y):a!==void 0&&f(a)};i.status&&(i.status.fetchDispatched=!0);let u=new Promise(_).then(r,c),g=Object.assign(u,{__abortController:o,__staleWhileFetching:n,__returned:void 0});return t===void 0?(this.#W(e,g,{...h.options,status:void 0}),t=this.#s.get(e)):this.#t[t]=g,g}#e(e){if(!this.#U)return!1;let t=e;return!!t&&t instanceof Promise&&t.hasOwnProperty("__staleWhileFetching")&&t.__abortController instanceof AbortController}fetch(e,t={}){let i=W.hasSubscribers,{status:s=R()?{}:void 0}=t;t.status=s,s&&t.context&&(s.context=t.context);let n=this.#B(e,t);return s&&i&&(s.trace=!0,W.tracePromise(()=>n,s).catch(()=>{})),n}async#B(e,t={}){let{allowStale:i=this.allowStale,updateAgeOnGet:s=this.updateAgeOnGet,noDeleteOnStaleGet:n=this.noDeleteOnStaleGet,ttl:o=this.ttl,noDisposeOnSet:l=this.noDisposeOnSet,size:h=0,sizeCalculation:r=this.sizeCalculation,noUpdateTTL:c=this.noUpdateTTL,noDeleteOnFetchRejection:m=this.noDeleteOnFetchRejection,allowStaleOnFetchRejection:_=this.allowStaleOnFetchRejection,ignoreFetchAbort:u=this.ignoreFetchAbort,allowStaleOnFetchAbort:g=this.allowStaleOnFetchAbort,context:f,forceRefresh:y=!1,status:a,signal:w}=t;if(a&&(a.op="fetch",a.key=e,y&&(a.forceRefresh=!0),a.cache=this),!this.#U)return a&&(a.fetch="get"),this.#C(e,{allowStale:i,updateAgeOnGet:s,noDeleteOnStaleGet:n,status:a});let F={allowStale:i,updateAgeOnGet:s,noDeleteOnStaleGet:n,ttl:o,noDisposeOnSet:l,size:h,sizeCalculation:r,noUpdateTTL:c,noDeleteOnFetchRejection:m,allowStaleOnFetchRejection:_,allowStaleOnFetchAbort:g,ignoreFetchAbort:u,status:a,signal:w},b=this.#s.get(e);if(b===void 0){a&&(a.fetch="miss");let p=this.#P(e,b,F,f);return p.__returned=p}else{let p=this.#t[b];if(this.#e(p)){let v=i&&p.__staleWhileFetching!==void 0;return a&&(a.fetch="inflight",v&&(a.returnedStale=!0)),v?p.__staleWhileFetching:p.__returned=p}let A=this.#p(b);if(!y&&!A)return a&&(a.fetch="hit"),this.#L(b),s&&this.#R(b),a&&this.#v(a,b),p;let z=this.#P(e,b,F,f),E=z.__staleWhileFetching!==void 0&&i;return a&&(a.fetch=A?"stale":"refresh",E&&A&&(a.returnedStale=!0)),E?z.__staleWhileFetching:z.__returned=z}}forceFetch(e,t={}){let i=W.hasSubscribers,{status:s=R()?{}:void 0}=t;t.status=s,s&&t.context&&(s.context=t.context);let n=this.#K(e,t);return s&&i&&(s.trace=!0,W.tracePromise(()=>n,s).catch(()=>{})),n}async#K(e,t={}){let i=await this.#B(e,t);if(i===void 0)throw new Error("fetch() returned undefined");return i}memo(e,t={}){let{status:i=S.hasSubscribers?{}:void 0}=t;t.status=i,i&&(i.op="memo",i.key=e,t.context&&(i.context=t.context),i.cache=this);let s=this.#Q(e,t);return i&&(i.value=s),S.hasSubscribers&&S.publish(i),s}#Q(e,t={}){let i=this.#I;if(!i)throw new Error("no memoMethod provided to constructor");let{context:s,status:n,forceRefresh:o,...l}=t;n&&o&&(n.forceRefresh=!0);let h=this.#C(e,l),r=o||h===void 0;if(n&&(n.memo=r?"miss":"hit",r||(n.value=h)),!r)return h;let c=i(e,h,{options:l,context:s});return n&&(n.value=c),this.#W(e,c,l),c}get(e,t={}){let{status:i=S.hasSubscribers?{}:void 0}=t;t.status=i,i&&(i.op="get",i.key=e,i.cache=this);let s=this.#C(e,t);return i&&(s!==void 0&&(i.value=s),S.hasSubscribers&&S.publish(i)),s}#C(e,t={}){let{allowStale:i=this.allowStale,updateAgeOnGet:s=this.updateAgeOnGet,noDeleteOnStaleGet:n=this.noDeleteOnStaleGet,status:o}=t,l=this.#s.get(e);if(l===void 0){o&&(o.get="miss");return}let h=this.#t[l],r=this.#e(h);return o&&this.#v(o,l),this.#p(l)?r?(o&&(o.get="stale-fetching"),i&&h.__staleWhileFetching!==void 0?(o&&(o.returnedStale=!0),h.__staleWhileFetching):void 0):(n||this.#E(e,"expire"),o&&(o.get="stale"),i?(o&&(o.returnedStale=!0),h):void 0):(o&&(o.get=r?"fetching":"hit"),this.#L(l),s&&this.#R(l),r?h.__staleWhileFetching:h)}#$(e,t){this.#u[t]=e,this.#l[e]=t}#L(e){e!==this.#h&&(e===this.#a?this.#a=this.#l[e]:this.#$(this.#u[e],this.#l[e]),this.#$(this.#h,e),this.#h=e)}delete(e){return this.#E(e,"delete")}#E(e,t){S.hasSubscribers&&S.publish({op:"delete",delete:t,key:e,cache:this});let i=!1;if(this.#n!==0){let s=this.#s.get(e);if(s!==void 0)if(this.#g?.[s]&&(clearTimeout(this.#g[s]),this.#g[s]=void 0),i=!0,this.#n===1)this.#q(t);else{this.#x(s);let n=this.#t[s];if(this.#e(n)?n.__abortController.abort(new Error("deleted")):(this.#T||this.#f)&&(this.#T&&this.#S?.(n,e,t),this.#f&&this.#r?.push([n,e,t])),this.#s.delete(e),this.#i[s]=void 0,this.#t[s]=void 0,s===this.#h)this.#h=this.#u[s];else if(s===this.#a)this.#a=this.#l[s];else{let o=this.#u[s];this.#l[o]=this.#l[s];let l=this.#l[s];this.#u[l]=this.#u[s]}this.#n--,this.#y.push(s)}}if(this.#f&&this.#r?.length){let s=this.#r,n;for(;n=s?.shift();)this.#w?.(...n)}return i}clear(){return this.#q("delete")}#q(e){for(let t of this.#z({allowStale:!0})){let i=this.#t[t];if(this.#e(i))i.__abortController.abort(new Error("deleted"));else{let s=this.#i[t];this.#T&&this.#S?.(i,s,e),this.#f&&this.#r?.push([i,s,e])}}if(this.#s.clear(),this.#t.fill(void 0),this.#i.fill(void 0),this.#d&&this.#F){this.#d.fill(0),this.#F.fill(0);for(let t of this.#g??[])t!==void 0&&clearTimeout(t);this.#g?.fill(void 0)}if(this.#_&&this.#_.fill(0),this.#a=0,this.#h=0,this.#y.length=0,this.#b=0,this.#n=0,this.#f&&this.#r){let t=this.#r,i;for(;i=t?.shift();)this.#w?.(...i)}}};
//# sourceMappingURL=index.min.js.map

;// CONCATENATED MODULE: external "node:stream/consumers"
const consumers_namespaceObject = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:stream/consumers");
// EXTERNAL MODULE: external "node:zlib"
var external_node_zlib_ = __nccwpck_require__(8522);
// EXTERNAL MODULE: ./node_modules/yauzl/index.js
var yauzl = __nccwpck_require__(663);
// EXTERNAL MODULE: external "node:stream"
var external_node_stream_ = __nccwpck_require__(7075);
;// CONCATENATED MODULE: ./lib/core/digest.js



const DIGEST = /^sha256:[0-9a-f]{64}$/;
function isDigest(text) {
    return typeof text === 'string' && DIGEST.test(text);
}
/** @throws UserError if `text` is not a sha256 digest. */
function parseDigest(text) {
    if (!isDigest(text))
        throw new errors/* UserError */.yo(`Cannot read digest: expected sha256:<64 hex characters>, found "${text}"`);
    return text;
}
/** The digest whose 64 hex characters are given. */
function digestFromHex(hex) {
    return parseDigest(`sha256:${hex}`);
}
/** The 64 hex characters of a digest, as `sha256sum` prints them. */
function hexOf(digest) {
    return digest.slice('sha256:'.length);
}
function digestOf(bytes) {
    return digestFromHex((0,external_node_crypto_.createHash)('sha256').update(bytes).digest('hex'));
}
/** The digest of all bytes of a source, which is streamed, never held. */
async function digestOfSource(bytes, signal) {
    const hash = createHash('sha256');
    for await (const chunk of bytes.pieces()) {
        signal?.throwIfAborted();
        hash.update(chunk);
    }
    return digestFromHex(hash.digest('hex'));
}
/** Bytes are not those that a digest and a size promise. */
class VerificationError extends errors/* UserError */.yo {
    name = 'VerificationError';
}
/**
 * Passes bytes through and fails at the end if they are not exactly `expected.size` bytes with `expected.digest`.
 * Fails at once when more bytes come than expected, so that an endless body is not read to its end.
 */
function verifying(expected, { holdBack = 0, onProgress } = {}) {
    const hash = (0,external_node_crypto_.createHash)('sha256');
    const held = [];
    let seen = 0;
    let kept = 0;
    /** All of this in one stream: each further one would keep buffers of its own, for each of many downloads. */
    return new external_node_stream_.Transform({
        transform(chunk, _encoding, done) {
            seen += chunk.length;
            if (seen > expected.size)
                return done(new VerificationError(`Cannot verify ${expected.digest}: more than ${expected.size} bytes came`));
            hash.update(chunk);
            onProgress?.(seen);
            held.push(chunk);
            kept += chunk.length;
            for (let first = held[0]; first && kept - first.length >= holdBack; first = held[0]) {
                kept -= first.length;
                this.push(held.shift());
            }
            done();
        },
        flush(done) {
            const found = hash.digest('hex');
            if (seen !== expected.size) {
                return done(new VerificationError(`Cannot verify ${expected.digest}: expected ${expected.size} bytes, found ${seen}`));
            }
            if (found !== hexOf(expected.digest)) {
                return done(new VerificationError(`Cannot verify ${expected.digest}: the bytes have digest sha256:${found}`));
            }
            for (const chunk of held)
                this.push(chunk);
            done();
        },
    });
}

;// CONCATENATED MODULE: ./lib/oci/nesting.js
/** Whether arrays and objects of a JSON value lie more than `depth` deep in each other. Itself it does not recurse. */
function isDeeper(value, depth) {
    let level = containersIn([value]);
    for (let at = 0; level.length > 0; at += 1) {
        if (at === depth)
            return true;
        level = level.flatMap((container) => containersIn(Object.values(container)));
    }
    return false;
}
function containersIn(values) {
    return values.filter((value) => typeof value === 'object' && value !== null);
}

;// CONCATENATED MODULE: ./lib/oci/descriptor.js



function descriptor_isObject(value) {
    return typeof value === 'object' && value !== null && !Array.isArray(value);
}
/** Annotations as the spec has them: an object of strings. Anything else reads as "none". */
function annotationsOf(value) {
    const found = value.annotations;
    if (!descriptor_isObject(found))
        return {};
    return Object.fromEntries(Object.entries(found).filter((pair) => typeof pair[1] === 'string'));
}
/** Levels of arrays and objects. A descriptor that nobody spoilt has two or three; it may come from within a string. */
const DEEPEST = 64;
/**
 * A descriptor out of a document somebody else wrote. The very object is handed on, unknown members and all.
 * @throws UserError naming `where`, if type, digest or size is missing or malformed, or what else it has is nested beyond reason.
 */
function parseDescriptor(value, where) {
    const fault = faultOf(value);
    if (fault !== undefined)
        throw new errors/* UserError */.yo(`Cannot read a descriptor of ${where}: it has ${fault}`);
    return value;
}
/** Whether `parseDescriptor` would take it. */
function isDescriptor(value) {
    return faultOf(value) === undefined;
}
function faultOf(value) {
    if (!descriptor_isObject(value))
        return 'not an object';
    if (isDeeper(value, DEEPEST))
        return 'members nested beyond reason';
    if (typeof value.mediaType !== 'string')
        return 'no mediaType';
    if (!isDigest(value.digest))
        return 'no sha256 digest';
    const { size } = value;
    return typeof size === 'number' && Number.isSafeInteger(size) && size >= 0 ? undefined : 'no size';
}

;// CONCATENATED MODULE: ./lib/pyoci/wheel-config.js
/** The config of a wheel's manifest: METADATA as text, so that readers have it without the wheel. */

/** Media type of the config. It says nothing that an image's config says. */
const WHEEL_CONFIG = 'application/vnd.pyoci-publish.wheel.config.v1+json';
const METADATA = 'core-metadata';
/** Larger ones are left out, and read from the wheel. */
const LARGEST_METADATA = (/* unused pure expression or super */ null && (1024 * 1024));
/**
 * The config that holds this METADATA.
 * @returns `undefined` if it is no UTF-8, or too large: then the manifest has the empty config
 */
function wheelConfig(metadata) {
    if (metadata.length > LARGEST_METADATA)
        return undefined;
    const text = utf8(metadata);
    return text === undefined ? undefined : Buffer.from(JSON.stringify({ [METADATA]: text }));
}
/** METADATA out of a config, byte for byte; `undefined` if it is none of ours. */
function metadataInConfig(config) {
    let value;
    try {
        value = JSON.parse(Buffer.from(config).toString('utf8'));
    }
    catch {
        return undefined;
    }
    const text = descriptor_isObject(value) ? value[METADATA] : undefined;
    return typeof text === 'string' ? Buffer.from(text) : undefined;
}
/** `undefined` where decoding would change a byte; a mark of byte order at the start is a byte like others. */
function utf8(bytes) {
    try {
        return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    }
    catch {
        return undefined;
    }
}

;// CONCATENATED MODULE: ./lib/oci/errors.js

/**
 * What stands there is no manifest or index that anybody could read: too large, no JSON, of a type that is not asked for.
 * The fault is the content's: asking again changes nothing.
 */
class DocumentError extends errors/* UserError */.yo {
    name = 'DocumentError';
}
/** The store refused a manifest or index because content it points at is not there (`MANIFEST_BLOB_UNKNOWN` and kin). */
class MissingReferenceError extends errors/* UserError */.yo {
    name = 'MissingReferenceError';
    /** As far as the store named them; may be empty. */
    missing;
    constructor(message, missing, options) {
        super(message, options);
        this.missing = missing;
    }
}
/** The store gives no such part of a blob: it refused to, or sent another. The whole may be had all the same. */
class RangeRefusedError extends errors/* UserError */.yo {
    name = 'RangeRefusedError';
}
/** One manifest cannot be deleted, for a reason of its own. Others may. */
class NotDeletedError extends (/* unused pure expression or super */ null && (UserError)) {
    name = 'NotDeletedError';
}
/** The store answered the write of a tag with an error. */
class WriteRefusedError extends errors/* UserError */.yo {
    name = 'WriteRefusedError';
    /** Whether the same write may succeed later (408, 429, 500, 502, 503, 504), and soon enough to wait for it. */
    temporary;
    /** A 5xx or 408 may come from a gateway after the write was applied; any other 4xx wrote nothing. */
    mayHaveApplied;
    /** Milliseconds that the store asked to wait. */
    retryAfter;
    constructor(message, options) {
        super(message, options);
        this.temporary = options.temporary;
        this.mayHaveApplied = options.mayHaveApplied;
        this.retryAfter = options.retryAfter;
    }
}
/**
 * Whether it is the content of a name that cannot be read: a DocumentError, a registry that lists what it does not give,
 * or a web page in place of a document.
 */
function isUnreadable(error) {
    if (error instanceof DocumentError)
        return true;
    if (!(error instanceof errors/* UserError */.yo) || !('status' in error))
        return false;
    return error.status === 404 || ('page' in error && error.page === true && error.status === 200);
}
/**
 * Whether the store refused for want of a right: a registry's 401 or 403. Not so if it refused the credentials that were
 * given, which are wrong then whatever is asked under them.
 */
function isDenied(error) {
    if (!(error instanceof errors/* UserError */.yo) || !('status' in error))
        return false;
    if ('credentialsRefused' in error && error.credentialsRefused === true)
        return false;
    return error.status === 401 || error.status === 403;
}

;// CONCATENATED MODULE: ./lib/oci/part.js
/** Part of a stream: so many bytes after so many, and a failure if they do not come. */



/**
 * `length` bytes of `source`, after the first `skip`. Then the source is closed, whatever is left in it.
 * The stream fails if the source ends before, or fails, or the signal aborts; it never just ends short.
 * @param what of which it is a part, for errors
 */
function partOf(source, { skip, length }, what, { signal }) {
    const part = new Part(source, skip, length, what);
    if (signal)
        (0,external_node_stream_.addAbortSignal)(anySignal(signal, undefined), part);
    return part;
}
class Part extends external_node_stream_.Readable {
    #source;
    #toSkip;
    #left;
    constructor(source, skip, length, what) {
        super();
        this.#source = source;
        this.#toSkip = skip;
        this.#left = length;
        source.on('data', (chunk) => this.#take(chunk));
        source.on('error', (error) => this.destroy(error));
        source.on('close', () => {
            if (this.#left === 0 || this.destroyed)
                return;
            this.destroy(new errors/* UserError */.yo(`Cannot read ${what}: it ended ${this.#left} bytes too early`));
        });
        if (length === 0)
            this.#end();
        source.pause();
    }
    _read() {
        this.#source.resume();
    }
    _destroy(error, done) {
        this.#source.destroy();
        done(error);
    }
    #take(chunk) {
        if (this.#left === 0)
            return;
        const passed = Math.min(this.#toSkip, chunk.length);
        this.#toSkip -= passed;
        const taken = chunk.subarray(passed, passed + this.#left);
        if (taken.length === 0)
            return;
        this.#left -= taken.length;
        if (!this.push(taken))
            this.#source.pause();
        if (this.#left === 0)
            this.#end();
    }
    #end() {
        this.push(null);
        this.#source.destroy();
    }
}

;// CONCATENATED MODULE: ./lib/oci/store.js
function isReferring(repository) {
    return 'referrers' in repository;
}
function isRanged(repository) {
    return 'openBlobRange' in repository;
}
function isResolving(repository) {
    return 'resolveTag' in repository;
}
function isDeleting(repository) {
    return 'deleteManifest' in repository;
}
function isInventoried(repository) {
    return 'orphans' in repository;
}
function isBrowsing(store) {
    return 'repositories' in store;
}
/** Only a registry has a sign-in; the other homes lack the property. */
function signInOf(store) {
    return store.signIn;
}

;// CONCATENATED MODULE: ./lib/catalog/metadata/wheel-blob.js
/** A wheel that lies in a repository, as bytes that can be read here and there: few requests, each for a good piece. */







/** Bytes of the end that are read first: a directory of some hundred members, and METADATA, which stands before it. */
const TAIL = 64 * 1024;
/** A piece is at least so long: a header and its data come together. */
const PIECE = 16 * 1024;
/** Bytes that are read in all. The largest directory seen has 1.8 MB, the largest METADATA 233 kB. */
const MOST = 16 * 1024 * 1024;
/** How often a piece is asked for whose connection breaks off in the middle. */
const ATTEMPTS = 3;
/**
 * Reads a ZIP archive in a repository for yauzl. Pieces that were read are kept. One that goes on where another ended is
 * twice as long, so that a long directory takes few requests. Where parts are refused, the wheel is read up to each piece.
 */
class WheelBlob extends yauzl/* RandomAccessReader */.lJ {
    #repository;
    #blob;
    #options;
    #pieces = [];
    #inParts = true;
    constructor(repository, blob, options) {
        super();
        this.#repository = repository;
        this.#blob = blob;
        this.#options = options;
    }
    read(target, offset, length, position, done) {
        this.#at(position, length).then((bytes) => done(null, bytes.copy(target, offset)), (error) => done(error));
    }
    _readStreamForRange(start, end) {
        const at = this.#at.bind(this);
        const chunks = async function* () {
            for (let from = start; from < end; from += TAIL)
                yield await at(from, Math.min(TAIL, end - from));
        };
        return external_node_stream_.Readable.from(chunks(), { objectMode: false });
    }
    /** Fewer bytes where the blob ends. */
    async #at(position, length) {
        if (position < 0 || position >= this.#blob.size)
            return Buffer.alloc(0);
        const end = Math.min(position + length, this.#blob.size);
        const known = this.#pieces.find((piece) => piece.start <= position && end <= piece.start + piece.length);
        const { start, bytes } = known ?? this.#fetch(position, end);
        return (await bytes).subarray(position - start, end - start);
    }
    #fetch(position, end) {
        const { size, digest } = this.#blob;
        const tail = Math.max(0, size - TAIL);
        const before = this.#pieces.find(({ start, length }) => start <= position && position <= start + length);
        const start = Math.min(position, tail);
        const reach = before ? 2 * before.length : PIECE;
        // Not into the tail, which is there already, unless what is wanted lies across its beginning.
        const stop = position >= tail ? size : Math.max(end, Math.min(start + reach, tail));
        const length = stop - start;
        if (this.#pieces.reduce((sum, piece) => sum + piece.length, length) > MOST) {
            throw new errors/* UserError */.yo(`Cannot read the directory of ${digest}: it takes more than ${MOST} bytes of the file`);
        }
        const piece = { start, length, bytes: this.#read(start, length) };
        this.#pieces.push(piece);
        return piece;
    }
    /** What breaks off is read again, as the whole of a small answer would be. */
    async #read(skip, length) {
        for (let attempt = 1;; attempt += 1) {
            try {
                return await (0,consumers_namespaceObject.buffer)(await this.#open(skip, length));
            }
            catch (error) {
                this.#options.signal?.throwIfAborted();
                if (error instanceof errors/* UserError */.yo)
                    throw error;
                if (attempt === ATTEMPTS) {
                    const place = `bytes ${skip} to ${skip + length - 1} of ${this.#blob.digest}`;
                    throw new errors/* UserError */.yo(`Cannot read ${place}: the connection broke off ${ATTEMPTS} times`, { cause: error });
                }
            }
        }
    }
    async #open(skip, length) {
        const [repository, blob, options] = [this.#repository, this.#blob, this.#options];
        if (this.#inParts && isRanged(repository)) {
            try {
                return await repository.openBlobRange(blob, { first: skip, last: skip + length - 1 }, options);
            }
            catch (error) {
                if (!(error instanceof RangeRefusedError))
                    throw error;
                this.#inParts = false;
            }
        }
        return partOf(await repository.openBlob(blob, options), { skip, length }, blob.digest, options);
    }
}

;// CONCATENATED MODULE: ./lib/catalog/metadata/core-metadata.js
/** The METADATA of a wheel in a repository, without the wheel: out of the config of its manifest, else by ranged reads. */








/** No METADATA that anybody wrote has more bytes. */
const LARGEST = 4 * 1024 * 1024;
const NAME = /^[^/]+\.dist-info\/METADATA$/;
/** Why a wheel has no METADATA for us: the end of a sentence. */
class NoMetadata extends Error {
}
/**
 * METADATA, byte for byte as it is in the wheel.
 * @throws UserError if the manifest is gone, or the wheel has no METADATA that can be read
 */
async function readCoreMetadata(repository, wheel, options) {
    const failed = (why, cause) => new errors/* UserError */.yo(`Cannot read the metadata of ${wheel.filename}: ${why}`, { cause });
    const manifest = await repository.getManifest(wheel.manifest, options);
    const layers = manifest?.value.layers;
    const [layer] = Array.isArray(layers) ? layers : [];
    if (!isDescriptor(layer) || layer.digest !== `sha256:${wheel.sha256}`) {
        throw failed(`its manifest ${wheel.manifest} is gone, or stands for another file`);
    }
    const said = await inConfig(repository, manifest?.value.config, options);
    if (said && fits(said, wheel))
        return said;
    let found;
    try {
        found = await inArchive(new WheelBlob(repository, layer, options), layer.size);
    }
    catch (error) {
        if (error instanceof errors/* UserError */.yo)
            throw error;
        if (error instanceof NoMetadata)
            throw failed(error.message);
        throw failed(`${repository.name} holds no ZIP archive under its digest (${(0,errors/* explain */.WE)(error)})`, error);
    }
    if (!fits(found, wheel))
        throw failed('it is not what the index says of it');
    return found;
}
function fits(bytes, { coreMetadata }) {
    return typeof coreMetadata !== 'string' || digestOf(bytes) === `sha256:${coreMetadata}`;
}
/** `undefined` where the config is none of ours or cannot be read: the wheel has METADATA too. */
async function inConfig(repository, config, options) {
    if (!isDescriptor(config) || config.mediaType !== WHEEL_CONFIG || config.size > 2 * LARGEST)
        return undefined;
    try {
        return metadataInConfig(await (0,consumers_namespaceObject.buffer)(await repository.openBlob(config, options)));
    }
    catch (error) {
        options.signal?.throwIfAborted();
        if (error instanceof errors/* UserError */.yo)
            return undefined;
        throw error;
    }
}
/** Of two members of that name the last counts, as in Python. */
async function inArchive(blob, size) {
    const archive = await (0,yauzl/* fromRandomAccessReaderPromise */.or)(blob, size, { autoClose: false });
    let found;
    for await (const entry of archive.eachEntry()) {
        if (!NAME.test(entry.fileName))
            continue;
        if (found && found.fileName !== entry.fileName)
            throw new NoMetadata('it has two .dist-info folders with METADATA');
        found = entry;
    }
    if (!found)
        throw new NoMetadata('it has no METADATA in a .dist-info folder');
    if (found.uncompressedSize > LARGEST) {
        throw new NoMetadata(`its METADATA has ${found.uncompressedSize} bytes, more than ${LARGEST}`);
    }
    const bytes = await (0,consumers_namespaceObject.buffer)(await archive.openReadStreamPromise(found));
    if ((0,external_node_zlib_.crc32)(bytes) !== found.crc32)
        throw new NoMetadata('the bytes of its METADATA do not fit their CRC');
    return bytes;
}

;// CONCATENATED MODULE: ./lib/python/archive/archive-error.js


const REBUILD = 'build the distribution again with a current build backend: python -m build';
/** An archive that we refuse. Neither message nor hint names the file: the caller knows its name. */
class ArchiveError extends errors/* UserError */.yo {
    name = 'ArchiveError';
    /** @param found what is wrong with the archive and, where it is not plain, why that matters. */
    constructor(found, hint = REBUILD, options = {}) {
        super(`Cannot read the archive: ${found}`, { ...options, hint });
    }
}
/** A member's name as it may stand in a message: safe to print, and short. */
function quoted(name) {
    return `"${(0,printable/* printable */.g)(name, 200)}"`;
}

;// CONCATENATED MODULE: ./lib/python/name.js
const LEGAL = /^[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?$/;
/**
 * The normal form of a project's name (PEP 503), which equal names share: `Zope.Interface` is `zope-interface`.
 * ASCII is tested before letters are made small, because there are others whose small form is ASCII (U+212A is `k`).
 *
 * @returns `undefined` if `text` is no legal name
 * @see https://packaging.python.org/en/latest/specifications/name-normalization/
 */
function normalName(text) {
    return LEGAL.test(text) ? text.replace(/[-_.]+/g, '-').toLowerCase() : undefined;
}
/** A name as today's backends write it into file names: `zope_interface`. */
function fileForm(normal) {
    return normal.replaceAll('-', '_');
}

;// CONCATENATED MODULE: ./lib/python/problem.js
/** What to do about a file that its backend wrote wrongly. */
const problem_REBUILD = 'build it again with a current build backend: python -m build';
/** The same where its text is in another encoding. */
const SAVE_AS_UTF8 = 'save the project files as UTF-8 and build again';
/** As many as help; a file made to annoy could have a million. */
const problem_MOST = 20;
function refusal(message, hint = problem_REBUILD) {
    return { severity: 'error', message, hint };
}
function warning(message, hint) {
    return { severity: 'warning', message, hint };
}
/** Errors first; at most twenty, and a last one that counts the others. */
function bounded(findings) {
    const errors = findings.filter(({ severity }) => severity === 'error');
    const sorted = [...errors, ...findings.filter(({ severity }) => severity === 'warning')];
    if (sorted.length <= problem_MOST)
        return sorted;
    const severity = errors.length > problem_MOST ? 'error' : 'warning';
    return [...sorted.slice(0, problem_MOST), { severity, message: `and ${sorted.length - problem_MOST} more problems` }];
}

// EXTERNAL MODULE: ./node_modules/@renovatebot/pep440/index.js
var pep440 = __nccwpck_require__(8898);
// EXTERNAL MODULE: ./node_modules/@renovatebot/pep440/lib/version.js
var version = __nccwpck_require__(4818);
;// CONCATENATED MODULE: ./lib/core/order.js
/** Orders text by its UTF-16 code units, which for names of files, tags and versions is their byte order. For `sort`. */
function byText(a, b) {
    return a < b ? -1 : a > b ? 1 : 0;
}

;// CONCATENATED MODULE: ./lib/python/version.js



/** Without the flag `u`, with which `i` would take U+017F for an `s`. */
const version_VERSION = new RegExp(`^${version.VERSION_PATTERN}$`, 'i');
/** No file name holds a longer one; the pattern is not let loose on whole megabytes. */
const LONGEST = 1_024;
const SHORT = new Map([
    ['alpha', 'a'],
    ['beta', 'b'],
    ['c', 'rc'],
    ['pre', 'rc'],
    ['preview', 'rc'],
]);
/**
 * Reads a version in any legal spelling. White space around it is not part of the spelling.
 *
 * The library knows the grammar. Its values are not used: they are floating-point numbers, which confuses versions
 * made of long dates and commits (`1.0+0123e4` is not `1.0+1230000`).
 *
 * @returns `undefined` if `text` is no version, or has more than 1,024 characters
 * @see https://packaging.python.org/en/latest/specifications/version-specifiers/#normalization
 */
function parseVersion(text) {
    if (text.length > LONGEST)
        return undefined;
    const spelled = text.replace(/^[\t-\r ]+|[\t-\r ]+$/g, '');
    const parts = version_VERSION.exec(spelled)?.groups;
    if (!parts)
        return undefined;
    const epoch = number(parts.epoch ?? '');
    const release = (parts.release ?? '').split('.').map(number);
    const tail = `${preRelease(parts)}${postRelease(parts)}${devRelease(parts)}${local(parts)}`;
    const head = epoch === '0' ? '' : `${epoch}!`;
    return {
        spelled,
        normal: `${head}${release.join('.')}${tail}`,
        key: `${head}${withoutZeros(release).join('.')}${tail}`,
    };
}
/** What uv, which holds numbers in 64 bits, takes as the largest number of a version. */
const version_LARGEST = 18446744073709551614n;
/** The first number of a version that uv cannot read. Those of the local part may be of any size. */
function hugeNumber({ normal }) {
    const [publicPart = ''] = normal.split('+', 1);
    return publicPart.match(/[0-9]+/g)?.find((digits) => digits.length > 20 || BigInt(digits) > version_LARGEST);
}
/** Lower versions first; equal ones in the order of their spelling. */
function compareVersions(one, other) {
    // Numbers beyond 2^53 may look alike to the library. They only decide an order of lines here.
    return (0,pep440.compare)(one.normal, other.normal) || byText(one.normal, other.normal) || byText(one.spelled, other.spelled);
}
function preRelease({ pre_l, pre_n }) {
    if (pre_l === undefined)
        return '';
    const word = pre_l.toLowerCase();
    return `${SHORT.get(word) ?? word}${number(pre_n ?? '')}`;
}
function postRelease({ post, post_n1, post_n2 }) {
    return post === undefined ? '' : `.post${number(post_n1 ?? post_n2 ?? '')}`;
}
function devRelease({ dev, dev_n }) {
    return dev === undefined ? '' : `.dev${number(dev_n ?? '')}`;
}
function local({ local: text }) {
    if (text === undefined)
        return '';
    const parts = text.toLowerCase().split(/[-_.]/);
    return `+${parts.map((part) => (/^[0-9]+$/.test(part) ? number(part) : part)).join('.')}`;
}
/** Digits without leading zeros, kept as text since they may be more than a number holds. None at all count as 0. */
function number(digits) {
    return digits.replace(/^0+/, '') || '0';
}
function withoutZeros(release) {
    const last = release.findLastIndex((part) => part !== '0');
    return release.slice(0, Math.max(last, 0) + 1);
}

;// CONCATENATED MODULE: ./lib/python/filename.js




const WHEEL = '.whl';
const SDIST = '.tar.gz';
const LOOKALIKE = /\.(?:whl|zip|egg|tar|tar\.[a-z0-9]+|tgz|tbz2?|txz|tlz|tzst)\s*$/i;
const BUILD = /^[0-9][A-Za-z0-9_.]*$/;
const DIGITS = /^[0-9]+/;
/** uv holds the number of a build tag in 64 bits. */
const LARGEST_BUILD = 2n ** 64n - 1n;
const TAGS = /^[A-Za-z0-9_]+(?:\.[A-Za-z0-9_]+)*$/;
/** @param filename without folders */
function parseFileName(filename) {
    if (!LOOKALIKE.test(filename))
        return { kind: 'other' };
    const odd = /[^A-Za-z0-9._+!-]/u.exec(filename)?.[0];
    if (odd !== undefined)
        return malformed(`its name holds ${quoted(odd)}, which no distribution has`, ODD_HINT);
    if (filename.endsWith(WHEEL))
        return parseWheelName(filename);
    if (filename.endsWith(SDIST))
        return parseSdistName(filename);
    return malformed(...lookalike(filename));
}
function parseWheelName(filename) {
    const parts = filename.slice(0, -WHEEL.length).split('-');
    if (parts.length !== 5 && parts.length !== 6) {
        return badWheel(`its name must have 4 dashes, or 5 with a build tag, and has ${parts.length - 1}`);
    }
    const [name = '', spelled = '', ...rest] = parts;
    const build = parts.length === 6 ? rest[0] : undefined;
    const version = parseVersion(spelled);
    if (normalName(name) === undefined)
        return badWheel(`its name begins with ${quoted(name)}, no legal project name`);
    if (name.includes('__')) {
        const right = `${name.replace(/_{2,}/g, '_')}${filename.slice(name.length)}`;
        return malformed(`its name begins with ${quoted(name)}: pip refuses the two underscores in a row`, `build it again with a current build backend, which names it ${right}: python -m build --wheel`);
    }
    if (version === undefined)
        return badWheel(`its name has ${quoted(spelled)} where the version belongs`);
    if (build !== undefined && !BUILD.test(build)) {
        return badWheel(`its name has ${quoted(build)} as build tag, which must begin with a digit`);
    }
    if (build !== undefined && BigInt(build.match(DIGITS)?.[0] ?? 0) > LARGEST_BUILD) {
        return malformed(`its name has the build tag ${quoted(build)}, refused by uv: its number is too large for it`, 'take the wheel as it was built, and give it a build tag of 19 digits or fewer: python -m wheel tags --build 1');
    }
    const tag = rest.slice(-3).find((set) => !TAGS.test(set));
    if (tag !== undefined)
        return badWheel(`its name has ${quoted(tag)} where a Python, ABI or platform tag belongs`);
    return { kind: 'wheel', name, version, architecture: `${rest.join('-')}${WHEEL}` };
}
function parseSdistName(filename) {
    const parts = filename.slice(0, -SDIST.length).split('-');
    const splits = parts.slice(1).flatMap((_, index) => {
        const name = parts.slice(0, index + 1).join('-');
        const version = parseVersion(parts.slice(index + 1).join('-'));
        return version !== undefined && normalName(name) !== undefined ? [{ name, version }] : [];
    });
    if (splits.length)
        return { kind: 'sdist', splits };
    return malformed('its name is not a project name, a dash and a version before .tar.gz', `let a build backend name it (python -m build --sdist); if it is no sdist, leave it out with the pattern !**/${filename}`);
}
const ODD_HINT = 'give the file back the name it was built with, as a browser or a URL may have changed it';
function badWheel(message) {
    return malformed(message, 'a wheel is named name-version-python-abi-platform.whl: publish it under the name it was built with');
}
/** What to do instead, by the extension. */
function lookalike(filename) {
    const small = filename.toLowerCase();
    const right = [WHEEL, SDIST].find((extension) => small.endsWith(extension));
    if (right !== undefined) {
        const name = `${filename.slice(0, -right.length)}${right}`;
        return [`its extension is not in lower case, so pip does not know it`, `rename it to ${name}`];
    }
    if (small.endsWith('.egg'))
        return ['it is an egg, which pip no longer installs', 'build a wheel: python -m build --wheel'];
    const extension = LOOKALIKE.exec(filename)?.[0] ?? '';
    return [
        `it is a ${extension} archive, and PyOCI serves sdists as .tar.gz only`,
        `build the sdist as .tar.gz (python -m build --sdist), or leave the file out with the pattern !**/*${extension}`,
    ];
}
function malformed(message, hint) {
    return { kind: 'malformed', finding: refusal(message, hint) };
}

;// CONCATENATED MODULE: ./lib/serve/files/file-store.js
/** The files of owned projects, by the addresses that their pages give: sizes, verified bytes, parts, metadata. */









/** Bytes of a file that a client gets only when all are right: without them it cannot take the file for whole. */
const HELD_BACK = 64 * 1024;
/** Bytes of metadata that are kept. */
const MOST_METADATA = 16 * 1024 * 1024;
class FileStore {
    #options;
    #sizes = new I({ max: 50_000 });
    #metadata = new I({
        maxSize: MOST_METADATA,
        sizeCalculation: ({ length }) => length + 1,
    });
    #flights = new Map();
    constructor(options) {
        this.#options = options;
    }
    /** The owned projects that a file of this name may belong to: older sdists can be read in several ways. */
    ownersOf(filename) {
        const name = parseFileName(filename);
        const names = name.kind === 'wheel' ? [name.name] : name.kind === 'sdist' ? name.splits.map((split) => split.name) : [];
        const projects = new Set(names.map((each) => normalName(each)).filter((each) => each !== undefined));
        return [...projects].map((project) => this.#options.owned.find(project)).filter((owned) => owned !== undefined);
    }
    /** @returns `undefined` if its project's page does not list it. @throws what reading the project throws */
    async find({ sha256, filename }, owner) {
        const { files } = await this.#options.projects.read(owner);
        const file = files.find((one) => one.sha256 === sha256 && one.filename === filename);
        return file && { owned: owner, file };
    }
    /** The blob that is the file; where the index does not say its size, the manifest does. */
    async blobOf({ file }, options) {
        const digest = `sha256:${file.sha256}`;
        const size = file.size ?? this.#sizes.get(file.sha256) ?? (await this.#sizeOf(file, options));
        this.#sizes.set(file.sha256, size);
        return { mediaType: 'application/octet-stream', digest: digest, size };
    }
    /** All bytes, the last of which come only if all are right. */
    open({ file }, blob, options) {
        return this.#options.store.repository(file.repository).openBlob(blob, { ...options, holdBack: HELD_BACK });
    }
    /** A part, which nobody can verify by itself: clients do, by the hash of the page. */
    async openPart({ file }, blob, range, options) {
        const repository = this.#options.store.repository(file.repository);
        if (isRanged(repository))
            return repository.openBlobRange(blob, range, options);
        const place = { skip: range.first, length: range.last - range.first + 1 };
        return partOf(await repository.openBlob(blob, options), place, file.filename, options);
    }
    /** METADATA of a wheel. Read once however many ask, and on when one of them leaves. */
    async metadataOf({ file }, { signal }) {
        const kept = this.#metadata.get(file.sha256);
        if (kept)
            return kept;
        const flight = this.#flights.get(file.sha256) ?? this.#readMetadata(file);
        return signal ? unlessAborted(flight, signal) : flight;
    }
    #readMetadata(file) {
        const { store, signal } = this.#options;
        const flight = readCoreMetadata(store.repository(file.repository), file, { signal })
            .then((bytes) => {
            this.#metadata.set(file.sha256, bytes);
            return bytes;
        })
            .finally(() => this.#flights.delete(file.sha256));
        flight.catch(() => { });
        this.#flights.set(file.sha256, flight);
        return flight;
    }
    async #sizeOf(file, options) {
        const repository = this.#options.store.repository(file.repository);
        const manifest = await repository.getManifest(file.manifest, options);
        const layers = manifest?.value.layers;
        const [layer] = Array.isArray(layers) ? layers : [];
        if (isDescriptor(layer) && layer.digest === `sha256:${file.sha256}`)
            return layer.size;
        throw new errors/* UserError */.yo(`Cannot find the size of ${file.filename}: its manifest ${file.manifest} is gone, or stands for another file`);
    }
}

;// CONCATENATED MODULE: ./lib/serve/guard.js
/** Who may ask: this machine, no web page, and only with the password. */

/** Names of this machine. One of another, in a request that got here, is a web page's trick (DNS rebinding). */
const NAMES = ['127.0.0.1', 'localhost', '[::1]'];
const READING = ['GET', 'HEAD'];
/** Turns away who may not ask at all. @returns what to answer, or `undefined` if the request may go on */
function strangerIn({ headers }, { port }) {
    const { host = '' } = headers;
    if (!NAMES.some((name) => host.toLowerCase() === `${name}:${port}`)) {
        return {
            status: 421,
            title: 'Not this host',
            detail: 'This index answers under 127.0.0.1 and localhost only, with its port.',
        };
    }
    const site = headers['sec-fetch-site'];
    if (headers.origin !== undefined || (site !== undefined && site !== 'none' && site !== 'same-origin')) {
        return { status: 403, title: 'Not for web pages', detail: 'This index does not answer requests of web pages.' };
    }
    return undefined;
}
/** @param uploads whether this is the address for uploads, and they are switched on */
function wrongMethod(method, target, uploads) {
    const upload = target === 'upload' && uploads;
    const allowed = upload ? ['POST'] : READING;
    if (allowed.includes(method ?? ''))
        return undefined;
    const headers = { allow: allowed.join(', ') };
    if (upload)
        return { status: 405, title: 'For uploads', detail: 'Upload to this address by POST.', headers };
    if (method !== 'POST')
        return { status: 405, title: 'Read only', detail: 'Use GET or HEAD here.', headers };
    return uploads
        ? { status: 405, title: 'Not here: upload to legacy/', detail: 'Pages are read only: upload to legacy/.', headers }
        : {
            status: 405,
            title: 'Read only: start the index with --publish to upload',
            detail: 'This index can be read only. To fix it: start it with --publish to upload to it.',
            headers,
        };
}
/** Asks for the password, which is compared in constant time. The user's name does not matter. */
function lackOfPassword(headers, { password }) {
    if (password === undefined)
        return undefined;
    const [, encoded = ''] = /^basic +([A-Za-z0-9+/=]+)$/i.exec(headers.authorization ?? '') ?? [];
    const [, given] = /^[^:]*:(.*)$/s.exec(Buffer.from(encoded, 'base64').toString('utf8')) ?? [];
    if (given !== undefined && (0,external_node_crypto_.timingSafeEqual)(hashOf(given), hashOf(password)))
        return undefined;
    return {
        status: 401,
        title: 'Wrong or missing password',
        detail: 'Use the address with the password that the index printed when it started: each start makes a new one.',
        headers: { 'www-authenticate': 'Basic realm="pyoci-publish", charset="UTF-8"' },
    };
}
/** Of equal length whatever was given. */
function hashOf(text) {
    return (0,external_node_crypto_.createHash)('sha256').update(text).digest();
}

;// CONCATENATED MODULE: ./lib/serve/ledger.js
/** Names of each kind that are kept: whoever asks for more is no installer. */
const MOST_NAMES = 10_000;
class Ledger {
    #onEvent;
    #served = new Map();
    #redirected = new Set();
    #failures = new Map();
    constructor(onEvent) {
        this.#onEvent = onEvent;
    }
    served(project, bytes) {
        const entry = this.#served.get(project) ?? { files: 0, bytes: 0 };
        this.#served.set(project, { files: entry.files + 1, bytes: entry.bytes + bytes });
    }
    uploaded(file, { image, status }) {
        this.#onEvent({ kind: 'uploaded', file, image, status });
    }
    redirected(project) {
        if (this.#redirected.has(project) || this.#redirected.size >= MOST_NAMES)
            return;
        this.#redirected.add(project);
        this.#onEvent({ kind: 'redirected', project });
    }
    failed(failure) {
        const key = `${failure.project}: ${failure.message}`;
        if (this.#failures.has(key) || this.#failures.size >= MOST_NAMES)
            return;
        this.#failures.set(key, failure);
        this.#onEvent({ kind: 'failed', ...failure });
    }
    get report() {
        return {
            served: [...this.#served].map(([project, sums]) => ({ project, ...sums })),
            redirected: [...this.#redirected].sort(),
            failures: [...this.#failures.values()],
        };
    }
}

;// CONCATENATED MODULE: ./lib/simple/file-address.js
/** The address of a file below the root of the index, which holds its hash, so that it never means anything else. */
/** From a project's page, which is two folders deep. The name is the last segment: pip takes it from there. */
function addressFromPage({ sha256, filename }) {
    return `../../files/${sha256}/${encodeURIComponent(filename)}`;
}

;// CONCATENATED MODULE: ./lib/simple/html-pages.js
/** Pages of the index as HTML. @see https://packaging.python.org/en/latest/specifications/simple-repository-api/#base-html-api */

/** The page of a project. */
function projectHtml({ name, files }) {
    return page(`Links for ${name}`, files.map(fileLink));
}
/** The list of projects. @param names in normal form */
function rootHtml(names) {
    return page('Packages', names.map((name) => html_pages_link(`${name}/`, {}, name)));
}
function fileLink(file) {
    const { filename, sha256, requiresPython, coreMetadata, yanked } = file;
    const attributes = {
        'data-requires-python': requiresPython,
        'data-core-metadata': typeof coreMetadata === 'string' ? `sha256=${coreMetadata}` : coreMetadata && 'true',
        'data-yanked': yanked === true ? '' : yanked,
    };
    return html_pages_link(`${addressFromPage(file)}#sha256=${sha256}`, attributes, filename);
}
function html_pages_link(href, attributes, text) {
    const given = Object.entries({ href, ...attributes }).flatMap(([name, value]) => value === undefined ? [] : [` ${name}="${html_pages_escaped(value)}"`]);
    return `    <a${given.join('')}>${html_pages_escaped(text)}</a><br>`;
}
function page(title, links) {
    return `<!DOCTYPE html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="pypi:repository-version" content="1.4">
    <title>${html_pages_escaped(title)}</title>
  </head>
  <body>
    <h1>${html_pages_escaped(title)}</h1>
${links.join('\n')}
  </body>
</html>
`;
}
const ENTITIES = {
    '&': '&amp;',
    '<': '&lt;',
    '>': '&gt;',
    '"': '&quot;',
    "'": '&#39;',
};
function html_pages_escaped(text) {
    return text.replace(/[&<>"']/g, (letter) => ENTITIES[letter] ?? letter);
}

;// CONCATENATED MODULE: ./lib/simple/json-pages.js
/** Pages of the index as JSON. @see https://packaging.python.org/en/latest/specifications/simple-repository-api/#json-serialization */

/** The version whose members we write; and the last one that does not ask for the size of every file. */
const API = '1.4';
const WITHOUT_SIZES = '1.0';
/** The page of a project. Files whose size nobody told make it a page of version 1.0, which asks for no sizes. */
function projectJson({ name, versions, files }) {
    const sized = files.every(({ size }) => size !== undefined);
    return JSON.stringify({
        meta: { 'api-version': sized ? API : WITHOUT_SIZES },
        name,
        versions,
        files: files.map(fileMember),
    });
}
/** The list of projects. @param names in normal form */
function rootJson(names) {
    return JSON.stringify({ meta: { 'api-version': API }, projects: names.map((name) => ({ name })) });
}
function fileMember(file) {
    const { filename, sha256, size, uploadTime, requiresPython, coreMetadata, yanked } = file;
    return {
        filename,
        url: addressFromPage(file),
        hashes: { sha256 },
        size,
        'upload-time': uploadTime,
        'requires-python': requiresPython,
        'core-metadata': typeof coreMetadata === 'string' ? { sha256: coreMetadata } : coreMetadata,
        yanked,
    };
}

// EXTERNAL MODULE: ./node_modules/negotiator/index.js
var negotiator = __nccwpck_require__(668);
;// CONCATENATED MODULE: ./lib/simple/negotiation.js
/** Which form of a page a client gets. @see https://packaging.python.org/en/latest/specifications/simple-repository-api/#version-format-selection */

const JSON_V1 = 'application/vnd.pypi.simple.v1+json';
const HTML_V1 = 'application/vnd.pypi.simple.v1+html';
const PLAIN_HTML = 'text/html';
/** What we have, the first being what those get who take anything; and what each name of a form stands for. */
const FORMS = {
    [PLAIN_HTML]: PLAIN_HTML,
    [JSON_V1]: JSON_V1,
    [HTML_V1]: HTML_V1,
    'application/vnd.pypi.simple.latest+json': JSON_V1,
    'application/vnd.pypi.simple.latest+html': HTML_V1,
};
/**
 * The media type to answer with.
 * @param accept the header; none is the same as one for anything
 * @returns `undefined` if the client takes none of ours: 406
 */
function formFor(accept) {
    const [best] = new negotiator({ headers: { accept } }).mediaTypes(Object.keys(FORMS));
    return best === undefined ? undefined : FORMS[best];
}

;// CONCATENATED MODULE: ./lib/serve/page-answers.js




function sendRoot(request, response, names) {
    sendForm(request, response, () => rootJson(names), () => rootHtml(names));
}
function sendProject(request, response, project) {
    sendForm(request, response, () => projectJson(project), () => projectHtml(project));
}
/** The versions of a project in the form of PyPI's JSON API, which Renovate and pip-tools ask for. */
function sendProjectJson(request, response, { name, versions, files }) {
    const releases = Object.fromEntries(versions.map((version) => [
        version,
        files
            .filter((file) => file.version === version)
            .map(({ filename, sha256, uploadTime, requiresPython, yanked }) => ({
            filename,
            digests: { sha256 },
            upload_time_iso_8601: uploadTime,
            requires_python: requiresPython,
            yanked: yanked !== undefined,
        })),
    ]));
    const text = JSON.stringify({ info: { name, version: versions[0] }, releases });
    sendPage(request, response, 'application/json', text);
}
function sendForm(request, response, json, html) {
    const type = formFor(request.headers.accept);
    if (type === undefined) {
        const detail = 'This index has pages as JSON (application/vnd.pypi.simple.v1+json) and as HTML (text/html).';
        sendProblem(request, response, { status: 406, title: 'Not acceptable', detail });
    }
    else if (type === JSON_V1)
        sendPage(request, response, type, json());
    else
        sendPage(request, response, `${type}; charset=utf-8`, html());
}

;// CONCATENATED MODULE: ./lib/core/lane.js
/** Runs at most so many pieces of work at a time, the others wait in the order they came. */
class Lane {
    #width;
    #waiting = [];
    #running = 0;
    /** @param width at least 1 */
    constructor(width) {
        this.#width = Math.max(1, width);
    }
    async run(work) {
        if (this.#running >= this.#width)
            await new Promise((resolve) => this.#waiting.push(resolve));
        else
            this.#running += 1;
        try {
            return await work();
        }
        finally {
            // The place goes straight to whoever waits longest, so the count stays as it is.
            const heir = this.#waiting.shift();
            if (heir)
                heir();
            else
                this.#running -= 1;
        }
    }
}

;// CONCATENATED MODULE: ./lib/catalog/document-reader.js



/** Bytes of all documents together: hundreds of versions of 169 files each, but no thousand manifests of 4 MiB. */
const MOST_BYTES = 256 * 1024 * 1024;
/** Reads indexes and manifests, so many at a time, and no more of them than fit into memory. */
class DocumentReader {
    signal;
    #lane;
    #left;
    /** @param concurrency requests at a time */
    constructor(concurrency, signal, mostBytes = MOST_BYTES) {
        this.signal = signal;
        this.#lane = new Lane(concurrency);
        this.#left = mostBytes;
    }
    /**
     * @returns `undefined` if there is none
     * @throws UserError if it comes after too many bytes
     */
    read(repository, reference) {
        return this.#lane.run(async () => {
            if (this.#left < 0)
                throw tooMuch(repository);
            const document = await repository.getManifest(reference, { signal: this.signal });
            this.#left -= document?.descriptor.size ?? 0;
            if (this.#left < 0)
                throw tooMuch(repository);
            return document;
        });
    }
    /** Asks something else of a repository, when it is its turn. */
    inTurn(ask) {
        return this.#lane.run(ask);
    }
    /** The same for a document without which the rest can still be told: `undefined` too if nobody could read it. */
    async readIfReadable(repository, reference) {
        try {
            return await this.read(repository, reference);
        }
        catch (error) {
            if (isUnreadable(error))
                return undefined;
            throw error;
        }
    }
}
function tooMuch(repository) {
    return new errors/* UserError */.yo(`Cannot read ${repository.name}: its indexes and manifests are too large to be held together`, {
        hint: 'name one version, as in NAME:TAG; a single one that is so large was not made by publishing files',
    });
}

;// CONCATENATED MODULE: ./lib/pyoci/layout.js
/** The words of PyOCI's layout and of the standard annotations it is written with. docs/format.md shows the documents. */
/** `artifactType` of index and manifest, and media type of the one layer, which is the file itself. */
const layout_ARTIFACT_TYPE = 'application/pyoci.package.v1';
/** On an entry of the index: the SHA-256 of the file as bare lower-case hex. pip verifies its download by it. */
const SHA256_DIGEST = 'com.pyoci.sha256_digest';
/** On an entry of the index: a JSON object of label to URL, as a string; `{}` if there are none. */
const PROJECT_URLS = 'com.pyoci.project_urls';
/** On an entry of ours: bytes of the file, in decimal. */
const FILE_SIZE = 'vnd.pyoci-publish.size';
/** On an entry of ours: `Requires-Python` as METADATA or PKG-INFO has it. */
const REQUIRES_PYTHON = 'vnd.pyoci-publish.requires-python';
/** On an entry of ours for a wheel whose manifest has METADATA as its config: the SHA-256 of METADATA as bare hex. */
const METADATA_DIGEST = 'vnd.pyoci-publish.core-metadata';
/** On a version's index: whether it is yanked (PEP 592), as JSON. */
const layout_YANKED = 'vnd.pyoci-publish.yanked';
/** On an index of ours without entries: manifests that a deletion under way leaves for last, as JSON. */
const PRUNING = 'vnd.pyoci-publish.pruning';
/** On an entry: it is an attachment of this kind, and no file of the version. */
const ATTACHMENT_TYPE = 'vnd.pyoci-publish.attachment.type';
/** On an attachment's entry: the digest of the file that it is about, `sha256:` in front; none where it is about the version. */
const ATTACHMENT_OF = 'vnd.pyoci-publish.attachment.of';
/** On an attachment's entry, for readers that know artifacts in an index by these; never read here. */
const REFERENCE = 'org.opencontainers.reference';
const REFERENCE_TYPE = 'org.opencontainers.reference.type';
/** `platform.os` of every file's entry. PyOCI compares whole platform objects, so it never differs. */
const ANY_OS = 'any';
/** `platform.os` of an attachment's entry, which no machine asks for. */
const NO_OS = 'unknown';
/** How many versions PyOCI lists of a package unless its operator says otherwise. */
const layout_LISTED_VERSIONS = 100;
/** @see https://github.com/opencontainers/image-spec/blob/v1.1.1/annotations.md#pre-defined-annotation-keys */
const ANNOTATION = {
    created: 'org.opencontainers.image.created',
    authors: 'org.opencontainers.image.authors',
    url: 'org.opencontainers.image.url',
    documentation: 'org.opencontainers.image.documentation',
    source: 'org.opencontainers.image.source',
    version: 'org.opencontainers.image.version',
    revision: 'org.opencontainers.image.revision',
    licenses: 'org.opencontainers.image.licenses',
    title: 'org.opencontainers.image.title',
    description: 'org.opencontainers.image.description',
};

;// CONCATENATED MODULE: ./lib/oci/reference.js

/** For requests that are about no repository: their token is asked for what the challenge demands, and nothing else. */
const NO_REPOSITORY = '';
const TAG = /^[a-zA-Z0-9_][a-zA-Z0-9._-]{0,127}$/;
const COMPONENT = /^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*$/;
function isRepositoryName(text) {
    return text.split('/').every((component) => COMPONENT.test(component));
}
function isTag(text) {
    return TAG.test(text);
}
/** @throws UserError if `text` is not a legal tag. */
function reference_parseTag(text) {
    if (!isTag(text))
        throw new UserError(`Cannot use "${text}" as a tag: expected up to 128 of A-Z a-z 0-9 . _ -`);
    return text;
}
/**
 * @param text path components divided by `/`
 * @throws UsageError if a component is illegal, or `host/name` would be longer than 255 characters, which registries cap.
 */
function parseRepositoryName(text, host = '') {
    const bad = text.split('/').find((component) => !COMPONENT.test(component));
    if (bad !== undefined) {
        throw new errors/* UsageError */.eb(`Cannot use "${text}" as a repository name: "${bad}" is not a legal part of one`, {
            hint: 'use lower-case letters and digits, with single . _ or - between them',
        });
    }
    if (`${host}/${text}`.length > 255) {
        throw new errors/* UsageError */.eb(`Cannot use "${text}" as a repository name: with the host it is longer than 255 characters`);
    }
    return text;
}

;// CONCATENATED MODULE: ./lib/pyoci/names.js




/** @see https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#pulling-manifests */
const LONGEST_TAG = 128;
/**
 * Where PyOCI looks for a project, below the namespace: pip asks for the normal name, PyOCI turns its dashes into
 * underscores.
 * @param project in normal form (`zope-interface`)
 */
function repositoryOf(project) {
    return project.replaceAll('-', '_');
}
/**
 * The tag of a version, as spelled: tags know no `+`, so PyOCI writes `-` for it.
 * @throws UserError if PyOCI would not read the same version back: an epoch, a dash in the spelling, more than 128
 * characters
 */
function tagOf(version) {
    const { spelled, normal } = version;
    if (spelled.includes('!')) {
        throw unfit(spelled, 'it has an epoch ("!"), which a tag cannot hold', 'set a version without an epoch and build again');
    }
    if (spelled.includes('-')) {
        const hint = `set the version to "${normal}" and build again`;
        throw unfit(spelled, 'PyOCI would read its dash back as "+", which is another version', hint);
    }
    if (spelled.length > LONGEST_TAG) {
        const hint = 'shorten the version (its local part, as a rule) and build again';
        throw unfit(spelled, `it has ${spelled.length} characters, and a tag at most ${LONGEST_TAG}`, hint);
    }
    return parseTag(spelled.replaceAll('+', '-'));
}
/** The version that PyOCI takes a tag for: it reads every dash as `+`. */
function versionOfTag(tag) {
    return tag.replaceAll('-', '+');
}
/** Whether PyOCI takes the tag for a version. One that is none makes it fail for the whole package. */
function isVersionTag(tag) {
    return parseVersion(versionOfTag(tag)) !== undefined;
}
/**
 * The name PyOCI serves a file under, put together again from project, tag and architecture. An odd spelling in the
 * name of the file that was published does not come back.
 */
function servedName(project, tag, architecture) {
    const dash = architecture.endsWith('.whl') ? '-' : '';
    return `${repositoryOf(project)}-${versionOfTag(tag)}${dash}${architecture}`;
}
/** The name of an attachment, put together in the same way: its architecture begins where the version ends. */
function attachmentName(project, tag, architecture) {
    return `${repositoryOf(project)}-${versionOfTag(tag)}${architecture}`;
}
/**
 * What installers take as index URL: PyOCI's own address, then registry and namespace as path. A registry that speaks
 * plain http is named with its scheme, URL-encoded into one path segment. Holds no credentials.
 * @param registryHost host and port
 */
function indexUrl(pyociUrl, registryHost, scheme, namespace) {
    const registry = scheme === 'http' ? encodeURIComponent(`http://${registryHost}`) : registryHost;
    return `${pyociUrl.replace(/\/+$/, '')}/${registry}/${namespace}/`;
}
/**
 * Whether PyOCI leaves this version out: by default it lists the last hundred tags in string order, so that `0.10.0`
 * stands before `0.9.0`.
 * @param allTags of the repository, whether `tag` is there already or not
 */
function beyondListing(tag, allTags) {
    return new Set(allTags.filter((other) => other > tag)).size >= LISTED_VERSIONS;
}
function unfit(spelled, why, hint) {
    return new UserError(`Cannot make a tag of version "${spelled}": ${why}`, { hint });
}

;// CONCATENATED MODULE: ./lib/oci/document.js




/** The largest manifest that registries must take, and the most we read of one. distribution-spec v1.1.1, "Pushing Manifests". */
const LARGEST_DOCUMENT = 4 * 1024 * 1024;
/**
 * As deep as a document may be nested. JSON.parse knows no limit, but JSON.stringify runs out of stack at some thousand;
 * PyOCI's own reader (serde_json) stops here.
 */
const document_DEEPEST = 128;
/** Encodes a document, once. Members come out in the order they have. */
function document_encode(value) {
    const bytes = Buffer.from(JSON.stringify(value), 'utf8');
    return { value, bytes, descriptor: { mediaType: value.mediaType, digest: digestOf(bytes), size: bytes.length } };
}
/**
 * A document as somebody else wrote it, bytes untouched. `mediaType` is what the store says; if the document has one
 * of its own the two must agree (image-spec v1.1.1, "mediaType").
 * @throws DocumentError if the bytes are no JSON object in UTF-8, are nested beyond reason, or the types differ.
 */
function decode(bytes, mediaType, where) {
    let value;
    try {
        value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
    }
    catch (cause) {
        throw new DocumentError(`Cannot read ${where}: it is not JSON`, { cause });
    }
    if (!descriptor_isObject(value))
        throw new DocumentError(`Cannot read ${where}: it is not a JSON object`);
    if (isDeeper(value, document_DEEPEST))
        throw new DocumentError(`Cannot read ${where}: it is nested more than ${document_DEEPEST} deep`);
    const own = value.mediaType;
    if (own !== undefined && own !== mediaType) {
        throw new DocumentError(`Cannot read ${where}: it was served as ${mediaType} but calls itself ${JSON.stringify(own)}`);
    }
    return { value, bytes, descriptor: { mediaType, digest: digestOf(bytes), size: bytes.length } };
}

;// CONCATENATED MODULE: ./lib/oci/media-types.js
/** Media types of the image spec v1.1 and of the Docker manifests that registries hold beside them. */
/** @see https://github.com/opencontainers/image-spec/blob/v1.1.1/image-index.md */
const media_types_OCI_INDEX = 'application/vnd.oci.image.index.v1+json';
/** @see https://github.com/opencontainers/image-spec/blob/v1.1.1/manifest.md */
const OCI_MANIFEST = 'application/vnd.oci.image.manifest.v1+json';
/** @see https://github.com/opencontainers/image-spec/blob/v1.1.1/manifest.md#guidance-for-an-empty-descriptor */
const OCI_EMPTY = 'application/vnd.oci.empty.v1+json';
const DOCKER_LIST = 'application/vnd.docker.distribution.manifest.list.v2+json';
const DOCKER_MANIFEST = 'application/vnd.docker.distribution.manifest.v2+json';
/**
 * Everything a tag may point at. All four are asked for when a tag is read: a registry that holds an image of a type
 * that was not asked for answers 404, which must not look like "no such tag".
 */
const MANIFEST_TYPES = [media_types_OCI_INDEX, OCI_MANIFEST, DOCKER_LIST, DOCKER_MANIFEST];

;// CONCATENATED MODULE: ./lib/pyoci/version-index.js





/** Whether a document is an index of PyOCI's. Anything else is not ours to list or to overwrite. */
function isPackageIndex(document) {
    const { value, descriptor } = document;
    return descriptor.mediaType === media_types_OCI_INDEX && value.artifactType === layout_ARTIFACT_TYPE && Array.isArray(value.manifests);
}
/** What makes the entry an attachment, which is its annotation alone; `undefined` for a file. */
function roleOf({ descriptor }) {
    const { [ATTACHMENT_TYPE]: type, [ATTACHMENT_OF]: of } = annotationsOf(descriptor);
    if (type === undefined)
        return undefined;
    return { type, of: isDigest(of) ? of.slice('sha256:'.length) : of };
}
/** Whether the entry stands for a file of the version. */
function isFile(entry) {
    return roleOf(entry) === undefined;
}
/**
 * Whether an attachment is about one of these files, or about a version that has some. One that is not, because its
 * file was replaced, is not shown, and what takes its architecture may have it.
 * @param files entries of files
 */
function isCurrent({ of }, files) {
    return of === undefined ? files.length > 0 : files.some(({ sha256 }) => sha256 === of);
}
/**
 * The files and attachments that an index lists, in its order. Entries that stand for neither (no platform, a second one
 * for the same architecture) are none of ours: they are not returned, and `withEntries` leaves them where they are.
 */
function entriesOf({ value }) {
    const files = new Map();
    for (const candidate of value.manifests) {
        const entry = indexEntry(candidate);
        if (entry && !files.has(entry.architecture))
            files.set(entry.architecture, entry);
    }
    return [...files.values()];
}
/**
 * The index with exactly `wanted` as its files and attachments, on top of `existing`. What stands keeps its place, its
 * unknown members and its annotations; new files follow, wheels before the sdist, in order of file name; annotations that
 * are missing are added, none is changed. Attachments stand behind all else, since PyOCI asks the first entry for the
 * URLs of the project. `always` are annotations that are set whatever stands. An index that stays as it is keeps its bytes, however its writer had spelled them.
 */
function withEntries(existing, wanted, annotations, always = {}) {
    const left = new Map(wanted.map((entry) => [entry.architecture, entry.descriptor]));
    const standing = existing && Array.isArray(existing.value.manifests) ? existing.value.manifests : [];
    const kept = standing.map((candidate) => {
        const entry = indexEntry(candidate);
        const descriptor = entry && left.get(entry.architecture);
        if (!entry || !descriptor)
            return candidate;
        left.delete(entry.architecture);
        return descriptor.digest === entry.descriptor.digest ? candidate : descriptor;
    });
    const added = [...left.entries()]
        .sort(([a], [b]) => compare(fileOrder(a), fileOrder(b)))
        .map(([, descriptor]) => descriptor);
    const all = [...kept, ...added];
    const own = { ...annotations, ...always };
    const annotated = existing?.value.annotations !== undefined || !existing || Object.keys(own).length > 0;
    const changed = {
        manifests: withAttachmentsLast(all),
        ...(annotated ? { annotations: { ...completed(existing?.value.annotations, own), ...always } } : {}),
    };
    if (existing && JSON.stringify(changed) === JSON.stringify(partsOf(existing))) {
        return { ...existing, value: { ...existing.value, schemaVersion: 2, mediaType: OCI_INDEX, ...changed } };
    }
    return encode({
        ...(existing?.value ?? { schemaVersion: 2, mediaType: OCI_INDEX, artifactType: ARTIFACT_TYPE }),
        schemaVersion: 2,
        mediaType: OCI_INDEX,
        ...changed,
    });
}
/** What `withEntries` may change of an index. */
function partsOf({ value: { manifests, annotations } }) {
    return annotations === undefined ? { manifests } : { manifests, annotations };
}
/** What stands stays, to the letter and in its order; what is missing follows. */
function completed(standing, annotations) {
    if (!isObject(standing))
        return annotations;
    const missing = Object.entries(annotations).filter(([key]) => !Object.hasOwn(standing, key));
    return { ...standing, ...Object.fromEntries(missing) };
}
/** The SHA-256 of the file that an image manifest of PyOCI's holds, or `undefined` if it is not one. */
function fileDigestOf(manifest) {
    const layers = manifest.value.layers;
    const layer = Array.isArray(layers) && layers.length === 1 ? layers[0] : undefined;
    return descriptor_isObject(layer) && isDigest(layer.digest) ? layer.digest.slice('sha256:'.length) : undefined;
}
function indexEntry(candidate) {
    if (!descriptor_isObject(candidate) || !isDigest(candidate.digest) || !descriptor_isObject(candidate.platform))
        return undefined;
    const architecture = candidate.platform.architecture;
    if (typeof architecture !== 'string')
        return undefined;
    const sha256 = annotationsOf(candidate)[SHA256_DIGEST];
    return {
        architecture,
        sha256: sha256 !== undefined && /^[0-9a-f]{64}$/.test(sha256) ? sha256 : undefined,
        descriptor: candidate,
    };
}
/** Of several entries for one architecture the first counts, so they stay in their order. */
function withAttachmentsLast(entries) {
    const firsts = new Map();
    const [front, back] = [[], []];
    for (const descriptor of entries) {
        const entry = indexEntry(descriptor);
        const behind = entry && (firsts.get(entry.architecture) ?? !isFile(entry));
        if (entry)
            firsts.set(entry.architecture, behind ?? false);
        (behind ? back : front).push(descriptor);
    }
    return [...front, ...back];
}
/** All files of a version share `name-version`, so what follows it orders them as their names do. */
function fileOrder(architecture) {
    return architecture.startsWith('.') ? architecture : `-${architecture}`;
}
function compare(a, b) {
    return a < b ? -1 : a > b ? 1 : 0;
}

;// CONCATENATED MODULE: ./lib/pyoci/oddities.js
/** What of a tag's content PyOCI cannot read, and what installers never see. Pure; the text in it is untrusted. */



/** Names of processors that PyOCI's library (oci-spec) knows. One of these in an entry, and PyOCI takes it for an image. */
const MACHINES = '386 amd64 amd64p32 arm armbe arm64 arm64be loong64 mips mipsle mips64 mips64le mips64p32 mips64p32le ppc ppc64 ppc64le riscv riscv64 s390 s390x sparc sparc64 wasm'.split(' ');
/**
 * The entries of a version's index that PyOCI cannot read or does not serve, in its order; none for what is no index of
 * PyOCI's. All that `entriesOf` leaves out are among them.
 * PyOCI reads all entries of all tags to list a package, and gives up at the first that it cannot read.
 */
function odditiesOf(index) {
    if (!isPackageIndex(index))
        return [];
    const seen = new Set();
    return index.value.manifests.flatMap((candidate, at) => {
        const entry = descriptor_isObject(candidate) && isDigest(candidate.digest) ? candidate.digest : `number ${at + 1}`;
        const broken = oddities_faultOf(candidate);
        if (broken !== undefined)
            return [{ entry, why: broken, breaking: true }];
        const architecture = architectureOf(candidate);
        if (architecture === undefined)
            return [];
        const again = seen.has(architecture);
        seen.add(architecture);
        if (!again)
            return [];
        return [{ entry, why: `it is another ${architecture}, and PyOCI serves the first`, breaking: false }];
    });
}
/**
 * Why PyOCI cannot list any version of a package while one of its tags holds this document, as `it holds …`;
 * `undefined` if it can.
 */
function obstacleIn(document) {
    if (!isPackageIndex(document))
        return `it holds ${typeOf(document)}, not a Python package`;
    const broken = odditiesOf(document).find(({ breaking }) => breaking);
    return broken && `it holds an entry that PyOCI cannot read (${broken.entry}: ${broken.why})`;
}
function oddities_faultOf(candidate) {
    if (!descriptor_isObject(candidate))
        return 'it is no descriptor';
    const { mediaType, digest, size, platform } = candidate;
    if (typeof mediaType !== 'string')
        return 'it has no mediaType';
    if (!isDigest(digest))
        return 'it has no sha256 digest';
    if (typeof size !== 'number' || !Number.isSafeInteger(size) || size < 0)
        return 'it has no size';
    if (!descriptor_isObject(platform))
        return 'it has no platform';
    return faultOfPlatform(platform);
}
function faultOfPlatform({ architecture, os }) {
    if (typeof architecture !== 'string')
        return 'its platform has no architecture';
    if (typeof os !== 'string')
        return 'its platform has no os';
    return MACHINES.includes(architecture) ? `its architecture is ${architecture}, as an image's` : undefined;
}
function architectureOf(candidate) {
    const platform = descriptor_isObject(candidate) ? candidate.platform : undefined;
    return descriptor_isObject(platform) && typeof platform.architecture === 'string' ? platform.architecture : undefined;
}
function typeOf({ value, descriptor }) {
    return typeof value.artifactType === 'string' ? value.artifactType : descriptor.mediaType;
}

;// CONCATENATED MODULE: ./lib/pyoci/project-urls.js

/** The labels of PEP 753 that we read, by the name they stand for; the aliases are in normal form. */
const WELL_KNOWN = {
    homepage: ['homepage'],
    source: ['source', 'repository', 'sourcecode', 'github'],
    documentation: ['documentation', 'docs'],
};
/** The Project-URLs, completed by the older `Home-page` field if no label says that it is the home page. */
function projectUrlsOf(metadata) {
    const { projectUrls, homePage } = metadata;
    if (!homePage || wellKnownUrl(projectUrls, 'homepage') !== undefined)
        return projectUrls;
    return [...projectUrls, ['Homepage', homePage]];
}
/** The first URL whose label stands for `name`, whatever its spelling: `Source Code`, `source-code`, `Repository`. */
function wellKnownUrl(urls, name) {
    const aliases = WELL_KNOWN[name];
    return urls.find(([label]) => aliases.includes(normalLabel(label)))?.[1];
}
/** Whether a text is a URL of http or https: other schemes (`javascript:`, `file:`) are not handed on to be clicked. */
function isWebUrl(text) {
    return /^https?:\/\//i.test(text) && URL.canParse(text);
}
/**
 * A JSON object of label to URL, as `com.pyoci.project_urls` holds it; `{}` if there are none. Written pair by pair:
 * an object would lose a label `__proto__` on assignment and reorder labels that look like array indexes.
 */
function projectUrlsJson(urls) {
    return `{${urls.map(([label, url]) => `${JSON.stringify(label)}:${JSON.stringify(url)}`).join(',')}}`;
}
/**
 * What `projectUrlsJson` wrote, or another publisher; the text is untrusted. Labels that look like array indexes (`2`)
 * come first, and of a label that is given twice the last counts, as JSON.parse has it.
 * @returns none if the text is no JSON object; without what is no text
 */
function parseProjectUrls(text) {
    if (text === undefined)
        return [];
    let value;
    try {
        value = JSON.parse(text);
    }
    catch {
        return [];
    }
    if (!descriptor_isObject(value))
        return [];
    return Object.entries(value).filter((pair) => typeof pair[1] === 'string');
}
/**
 * Without ASCII punctuation and white space, in lower case.
 * @see https://packaging.python.org/en/latest/specifications/well-known-project-urls/#label-normalization
 */
function normalLabel(label) {
    return label.replace(/[\t-\r !-/:-@[-`{-~]/g, '').toLowerCase();
}

;// CONCATENATED MODULE: ./lib/pyoci/true-names.js


const true_names_SDIST = '.tar.gz';
const true_names_WHEEL = '.whl';
/** Characters; no file system takes a longer name. */
const true_names_LONGEST = 255;
/**
 * PyOCI takes what stands before the first dash of an uploaded file's name for the project, and what follows for the
 * version; later it reads each dash of a tag as "+". So `my-pkg-1.0.tar.gz`, as older backends write it, stands under
 * the tag `pkg-1.0`, in the repository of the project (`my_pkg`) or in that of the cut name (`my`), and `foo-1.0-1.tar.gz`
 * is served as version `1.0+1`. Here are all names that such a file may have had. Which of them is right only the
 * metadata in the file can tell.
 * @param repository last part of its name
 * @returns none that PyOCI itself would give; the likeliest first: those of the project whose repository this is
 */
function trueNames(repository, tag, architecture) {
    const sdist = architecture === true_names_SDIST;
    if ((!sdist && !architecture.endsWith(true_names_WHEEL)) || architecture.length > true_names_LONGEST)
        return [];
    const here = underscored(repository);
    // Of a wheel's name PyOCI cuts two parts off, so that what follows the version's place may be the version.
    const parts = (sdist ? tag : `${tag}-${architecture}`).split('-');
    const found = parts.flatMap((_, at) => {
        const cut = underscored(parts.slice(0, at).join('-'));
        const rests = sdist ? sdistRests(parts.slice(at), at === 0) : wheelRests(parts.slice(at), at === 0);
        const projects = at === 0 ? [here] : here.endsWith(`_${cut}`) ? [here, `${here}_${cut}`] : [`${here}_${cut}`];
        return projects.flatMap((project) => rests.map((rest) => ({ project, filename: `${project}-${rest}` })));
    });
    const ours = found.filter(({ project }) => project === here);
    // What is a version as it stands is no reason to think of other projects.
    return isVersionTag(tag) ? ours : [...ours, ...found.filter(({ project }) => project !== here)];
}
/** What may follow the project in an sdist's name. @param whole nothing was cut off: read as PyOCI does, it is no news */
function sdistRests(parts, whole) {
    const text = parts.join('-');
    const read = whole ? undefined : parseVersion(versionOfTag(text))?.spelled;
    const dashed = parts.length > 1 ? parseVersion(text)?.normal : undefined;
    return [read, dashed].filter((version) => version !== undefined).map((version) => `${version}${true_names_SDIST}`);
}
function wheelRests(parts, whole) {
    const [version = ''] = parts;
    return !whole && parseVersion(version) ? [parts.join('-')] : [];
}
function underscored(name) {
    return name.replace(/[-_.]+/g, '_').toLowerCase();
}

;// CONCATENATED MODULE: ./lib/pyoci/yanking/yanked.js
/**
 * Whether a version is yanked (PEP 592), as an annotation of its index says it. Of two such words the later one counts,
 * whoever reads them and in whatever order, so that any number of writers converge. None is ever removed: taking a
 * version back in is a later word.
 */


/** The last moment of a four-digit year: a later one is no time that anybody meant, and leaves none after it. */
const LAST_MOMENT = Date.parse('9999-12-31T23:59:59.999Z');
/** What an index says; `undefined` if nothing that can be read. A word without time or id comes before all others. */
function yankedIn(index) {
    const value = parsed(annotationsOf(index)[layout_YANKED]);
    if (!descriptor_isObject(value) || typeof value.yanked !== 'boolean')
        return undefined;
    const { yanked, reason, at, id } = value;
    const time = typeof at === 'string' ? Date.parse(at) : Number.NaN;
    return {
        yanked,
        reason: typeof reason === 'string' ? reason : '',
        at: time >= 0 && time <= LAST_MOMENT ? time : 0,
        id: typeof id === 'string' ? id : '',
    };
}
/** The annotation that says it. */
function yankedAnnotation({ yanked, reason, at, id }) {
    return { [YANKED]: JSON.stringify({ yanked, reason, at: new Date(at).toISOString(), id }) };
}
/** The word that counts, of these two. */
function laterOf(one, other) {
    if (!one || !other)
        return one ?? other;
    if (one.at !== other.at)
        return one.at > other.at ? one : other;
    return one.id >= other.id ? one : other;
}
function parsed(text) {
    try {
        return text === undefined ? undefined : JSON.parse(text);
    }
    catch {
        return undefined;
    }
}

;// CONCATENATED MODULE: ./lib/catalog/version.js









/**
 * What a tag holds, judged by its content. Reads no manifest of a file.
 * @param pinned the index to read, whatever the tag points at by now
 * @returns `undefined` if there is no such tag or index
 */
async function readTag(repository, tag, reader, pinned) {
    let document;
    try {
        document = await reader.read(repository, pinned ?? tag);
    }
    catch (error) {
        if (!isUnreadable(error) || !(error instanceof Error))
            throw error;
        return { kind: 'foreign', tag, why: `what it holds cannot be read: ${error.message}`, error };
    }
    if (!document)
        return undefined;
    if (isPackageIndex(document))
        return storedIndex(repository.name.split('/').at(-1) ?? '', tag, document);
    return { kind: 'foreign', tag, why: obstacleIn(document) ?? 'it holds no Python package' };
}
/** @param repository last part of its name */
function storedIndex(repository, tag, index) {
    const annotations = annotationsOf(index.value);
    const entries = entriesOf(index);
    const files = entries.filter(isFile);
    return {
        kind: isVersionTag(tag) ? 'version' : 'unseen',
        repository,
        tag,
        version: versionOfTag(tag),
        digest: index.descriptor.digest,
        created: annotations[ANNOTATION.created],
        annotations,
        yanked: yankedIn(index.value),
        files: files.map((entry) => indexedFile(repository, tag, entry)),
        attachments: entries.flatMap((entry) => indexedAttachment(repository, tag, entry, files)),
        oddities: odditiesOf(index),
        obstacle: obstacleIn(index),
    };
}
function indexedFile(repository, tag, { architecture, descriptor }) {
    const annotations = annotationsOf(descriptor);
    return {
        served: servedName(repository, tag, architecture),
        trueNames: trueNames(repository, tag, architecture),
        architecture,
        declared: annotations[SHA256_DIGEST],
        projectUrls: parseProjectUrls(annotations[PROJECT_URLS]),
        manifest: descriptor,
    };
}
function indexedAttachment(repository, tag, entry, files) {
    const role = roleOf(entry);
    if (!role || !isCurrent(role, files))
        return [];
    const { architecture, descriptor } = entry;
    const file = files.find(({ sha256 }) => role.of !== undefined && sha256 === role.of);
    return [
        {
            served: attachmentName(repository, tag, architecture),
            architecture,
            type: role.type,
            about: file?.architecture,
            declared: annotationsOf(descriptor)[SHA256_DIGEST],
            manifest: descriptor,
        },
    ];
}

;// CONCATENATED MODULE: ./lib/python/metadata/grammar/fault.js
/** The fault of the first item that stops pip, else the first fault of all. */
function worstFault(items, faultOf) {
    let worst;
    for (const item of items) {
        const fault = faultOf(item);
        if (fault?.by === 'pip')
            return fault;
        worst ??= fault;
    }
    return worst;
}

;// CONCATENATED MODULE: ./lib/python/archive/python-text.js
/** Whether Python takes a character for white space: `str.isspace`. It is not what `trim` takes. */
function isPythonSpace(character) {
    const code = character.charCodeAt(0);
    if (code < 0x80)
        return (code >= 0x09 && code <= 0x0d) || (code >= 0x1c && code <= 0x20);
    return code === 0x85 || /^[\p{Zs}\p{Zl}\p{Zp}]$/u.test(character);
}
/** Text without the white space around it: `str.strip`. */
function stripped(text) {
    return cutAtEnds(text, isPythonSpace);
}
/**
 * Text without the characters at both ends that are to go.
 * Cut by hand, as a pattern would look at every run of blanks from each of its characters.
 */
function cutAtEnds(text, goes) {
    let start = 0;
    let end = text.length;
    while (start < end && goes(text.charAt(start)))
        start += 1;
    while (end > start && goes(text.charAt(end - 1)))
        end -= 1;
    return text.slice(start, end);
}
/** How many characters of white space a text begins with. */
function indentOf(text) {
    let indent = 0;
    while (indent < text.length && isPythonSpace(text.charAt(indent)))
        indent += 1;
    return indent;
}
function hasSpace(text) {
    for (const character of text)
        if (isPythonSpace(character))
            return true;
    return false;
}
const LINE_ENDS = '\n\v\f\r\u001c\u001d\u001e\u0085\u2028\u2029';
/** The lines of a text as `str.splitlines` cuts it. */
function* splitLines(text) {
    let start = 0;
    for (let at = 0; at < text.length; at += 1) {
        if (!LINE_ENDS.includes(text.charAt(at)))
            continue;
        yield text.slice(start, at);
        if (text.startsWith('\r\n', at))
            at += 1;
        start = at + 1;
    }
    if (start < text.length)
        yield text.slice(start);
}

;// CONCATENATED MODULE: ./lib/python/metadata/grammar/white-space.js

/**
 * Text without the white space around it as Python and Rust have it, which is not what `trim` takes: that leaves U+0085
 * and takes U+FEFF. Control characters were refused before.
 */
function withoutSpace(text) {
    return cutAtEnds(text, isSpace);
}
function isSpace(character) {
    return /^[\t\n\r\p{Zs}]$/u.test(character);
}

;// CONCATENATED MODULE: ./lib/python/metadata/grammar/specifiers.js




const OPERATORS = '==, !=, <=, >=, <, >, ~= or ===';
/** White space as Python and Rust have it, but for control characters, which no header holds. */
const OPERATOR = /^(===|==|~=|!=|<=|>=|<|>)[\t\n\r\p{Zs}]*/u;
const RELEASE = /^v?(?:[0-9]+!)?[0-9]+(?:\.[0-9]+)*$/i;
/**
 * Why a set of version specifiers cannot be read: comparisons with commas between them, as in `>=3.8, !=3.9.*`. A comma
 * may stand at the end.
 *
 * @param text without white space around it; none at all is a set of none
 * @see https://packaging.python.org/en/latest/specifications/version-specifiers/
 */
function specifiersFault(text) {
    const clauses = text.split(',');
    if (withoutSpace(clauses.at(-1) ?? '') === '')
        clauses.pop();
    return worstFault(clauses, (clause) => clauseFault(withoutSpace(clause)));
}
/**
 * Why one comparison cannot be read, such as `>=3.8`.
 * @param clause without white space around it
 */
function clauseFault(clause) {
    // Python's SpecifierSet skips it.
    if (clause === '')
        return { by: 'uv', cause: 'nothing stands before a comma' };
    const [all = '', operator] = OPERATOR.exec(clause) ?? [];
    const version = clause.slice(all.length);
    if (operator === undefined)
        return withoutOperator(clause);
    if (version === '')
        return { by: operator === '===' ? 'uv' : 'pip', cause: `${quoted(clause)} names no version` };
    if (version.endsWith('.*'))
        return wildcardFault(operator, version);
    const parsed = parseVersion(version);
    if (parsed?.spelled !== version)
        return noVersion(operator, version);
    if (parsed.normal.includes('+') && !operator.includes('==') && operator !== '!=') {
        return { by: 'pip', cause: `${quoted(clause)} has a local version, which only == and != may have` };
    }
    if (operator === '~=' && !/^(?:[0-9]+!)?[0-9]+\./.test(parsed.normal)) {
        const cure = RELEASE.test(version) ? `write "~=${version}.0" or ">=${version}"` : `write ">=${version}"`;
        return { by: 'pip', cause: `${quoted(clause)} has one number, where ~= needs two`, cure };
    }
    return numberFault(version, hugeNumber(parsed));
}
function withoutOperator(clause) {
    const cause = `${quoted(clause)} begins with none of ${OPERATORS}`;
    return RELEASE.test(clause)
        ? { by: 'pip', cause, cure: `write ">=${clause}" or "==${clause}"` }
        : { by: 'pip', cause };
}
function wildcardFault(operator, version) {
    const base = version.slice(0, -2);
    if (!RELEASE.test(base))
        return noVersion(operator, version);
    // Python compares it as text.
    if (operator === '===')
        return { by: 'uv', cause: '=== stands before ".*"', cure: `write "==${version}"` };
    if (operator !== '==' && operator !== '!=') {
        const cause = `${quoted(`${operator}${version}`)} ends with ".*", which only == and != may have`;
        return { by: 'pip', cause, cure: `write "${operator}${base}"` };
    }
    const parsed = parseVersion(base);
    return parsed ? numberFault(version, hugeNumber(parsed)) : noVersion(operator, version);
}
function noVersion(operator, version) {
    if (/[<>=!~]/.test(version)) {
        return { by: 'pip', cause: `no comma stands between the comparisons of ${quoted(`${operator}${version}`)}` };
    }
    // Python takes any text behind it, but no blank in it.
    const arbitrary = operator === '===' && !/\s/.test(version);
    return { by: arbitrary ? 'uv' : 'pip', cause: `${quoted(version)} behind ${operator} is no version` };
}
function numberFault(version, number) {
    return number === undefined ? undefined : { by: 'uv', cause: `a number of ${quoted(version)} is too large for it` };
}

;// CONCATENATED MODULE: ./lib/pyoci/entry-facts.js
/** What an entry of ours says of its file beyond PyOCI's annotations, so that readers need no manifest. Untrusted. */




/** Characters of `Requires-Python` that an entry holds at most. */
const LONGEST_REQUIRES_PYTHON = 256;
function entryFacts(descriptor) {
    const said = annotationsOf(descriptor);
    const [size, requires, metadata] = [FILE_SIZE, REQUIRES_PYTHON, METADATA_DIGEST].map((key) => said[key]);
    return {
        size: size !== undefined && /^(?:0|[1-9][0-9]{0,14})$/.test(size) ? Number(size) : undefined,
        requiresPython: requires !== undefined && areSpecifiers(requires) ? requires : undefined,
        coreMetadata: metadata !== undefined && /^[0-9a-f]{64}$/.test(metadata) ? metadata : undefined,
    };
}
function areSpecifiers(text) {
    if (text.length > LONGEST_REQUIRES_PYTHON)
        return false;
    const bare = withoutSpace(text);
    return bare !== '' && specifiersFault(bare) === undefined;
}

;// CONCATENATED MODULE: ./lib/simple/project-of.js






const SHA256 = /^[0-9a-f]{64}$/;
/** RFC 3339, as annotations have it. */
const TIME = /^\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(?:\.\d+)?(?:[Zz]|[+-]\d\d:\d\d)$/;
/**
 * @param name in normal form
 * @param learnt of files whose entries name no digest of their own
 */
function projectOf(name, repository, indexes, learnt, passedOver) {
    const versions = indexes
        .flatMap((index) => {
        const version = index.kind === 'version' ? parseVersion(index.version) : undefined;
        if (!version)
            passedOver(`tag ${index.tag}`, 'it is no version, and its files have names that no installer knows');
        return version ? [{ version, index }] : [];
    })
        .sort((a, b) => compareVersions(b.version, a.version));
    const names = new Set();
    const files = versions.flatMap(({ version, index }) => {
        const known = new Set(index.files.map(({ manifest }) => manifest.digest));
        for (const { entry, why } of index.oddities) {
            if (!known.has(entry))
                passedOver(`entry ${entry} of tag ${index.tag}`, why);
        }
        return index.files.flatMap((file) => {
            const made = fileOf(file, version, index, repository, learnt, passedOver);
            if (!made || names.has(made.filename))
                return [];
            names.add(made.filename);
            return [made];
        });
    });
    const listed = new Set(files.map(({ version }) => version));
    const normal = [...new Set(versions.map(({ version }) => version.normal))];
    return { name, versions: normal.filter((version) => listed.has(version)), files };
}
/** Whether an entry names the digest of its file; if not, its manifest must be asked. */
function namesDigest({ declared }) {
    return declared !== undefined && SHA256.test(declared);
}
function fileOf(file, version, index, repository, learnt, passedOver) {
    const { served: filename, manifest } = file;
    const said = annotationsOf(manifest);
    const what = `${filename} of tag ${index.tag}`;
    const { kind } = parseFileName(filename);
    if (kind !== 'wheel' && kind !== 'sdist') {
        passedOver(what, 'its name is that of no wheel and no sdist');
        return undefined;
    }
    const sha256 = namesDigest(file) ? file.declared : learnt.get(manifest.digest);
    if (sha256 === undefined || !isDigest(manifest.digest)) {
        passedOver(what, 'nothing says which bytes it has');
        return undefined;
    }
    const facts = entryFacts(manifest);
    return {
        filename,
        version: version.normal,
        sha256,
        size: facts.size,
        uploadTime: timeOf(said[ANNOTATION.created]),
        requiresPython: facts.requiresPython,
        coreMetadata: kind === 'wheel' ? (facts.coreMetadata ?? true) : undefined,
        yanked: yankedBy(index),
        repository,
        manifest: manifest.digest,
    };
}
/** The publisher's claim in the one form that the specification has; `undefined` if it is no time. */
function timeOf(text) {
    if (text === undefined || !TIME.test(text))
        return undefined;
    const milliseconds = Date.parse(text);
    return Number.isNaN(milliseconds) ? undefined : new Date(milliseconds).toISOString();
}
/** The reason, `true` where none is given, `undefined` for what is not yanked. */
function yankedBy({ yanked }) {
    return yanked?.yanked ? yanked.reason || true : undefined;
}

;// CONCATENATED MODULE: ./lib/serve/projects/projects.js
/** Projects as the registry has them now: read anew for whoever asks, but not twice at a time. */











/** The registry is still being read when the client's patience is nearly over: asked again, it may be ready. */
class NotReadyError extends errors/* UserError */.yo {
    name = 'NotReadyError';
}
/** Milliseconds that a read stays good: long enough for the requests of one client, too short for a next step of a job. */
const FRESH = 2_000;
/** A read is good for so many times as long as it took, if that is less: what is quick to ask is asked again. */
const FRESH_TIMES = 20;
/** Clients give up at 15 s (pip, Poetry). */
const projects_PATIENCE = 10_000;
const CONCURRENCY = 32;
/** Bytes of indexes that are kept, by what they came as. */
const projects_MOST_BYTES = 48 * 1024 * 1024;
/** What an index that was read takes beside its bytes, so that many small ones count too. */
const OVERHEAD = 2_048;
/** Owned projects, each read in one flight however many ask, and remembered for a moment. */
class Projects {
    #options;
    #known = new Map();
    #flights = new Map();
    #indexes = new I({
        maxSize: projects_MOST_BYTES,
        sizeCalculation: ({ files }) => OVERHEAD + files.reduce((sum, { manifest }) => sum + JSON.stringify(manifest).length, 0),
    });
    /** SHA-256 of files by the digests of their manifests, where the entry does not tell. */
    #digests = new I({ max: 50_000 });
    #told = new Set();
    constructor(options) {
        this.#options = options;
    }
    /**
     * A project with all its files; one that is not there has none.
     * @throws NotReadyError after ten seconds, while the reading goes on; else what the registry refused or failed with
     */
    async read(owned) {
        const { clock } = this.#options;
        const known = this.#known.get(owned.project);
        if (known && clock.now() < known.until)
            return known.project;
        return this.#inTime(this.#flights.get(owned.project) ?? this.#begin(owned), owned);
    }
    /** The next who asks gets what is there now: something was just published. */
    forget(project) {
        this.#known.delete(project);
        this.#flights.delete(project);
    }
    #begin(owned) {
        const { clock } = this.#options;
        const begun = clock.now();
        const flight = this.#fetch(owned)
            .then((project) => {
            const now = clock.now();
            // Read before something was published: not for those who ask from now on.
            if (this.#flights.get(owned.project) !== flight)
                return project;
            this.#known.set(owned.project, { project, until: now + Math.min(FRESH, (now - begun) * FRESH_TIMES) });
            return project;
        })
            .finally(() => {
            if (this.#flights.get(owned.project) === flight)
                this.#flights.delete(owned.project);
        });
        // Whoever waits is told; when nobody does any more, a failure is told to the next one who asks.
        flight.catch(() => { });
        this.#flights.set(owned.project, flight);
        return flight;
    }
    async #inTime(flight, { project }) {
        const over = new AbortController();
        const late = this.#options.clock.sleep(projects_PATIENCE, over.signal).then(() => {
            throw new NotReadyError(`Still reading the versions of ${project}`, {
                hint: 'run the same command again in a moment',
            });
        });
        late.catch(() => { });
        try {
            return await Promise.race([unlessAborted(flight, this.#options.signal), late]);
        }
        finally {
            over.abort();
        }
    }
    async #fetch({ project, repository: name }) {
        const { store, signal, concurrency = CONCURRENCY } = this.#options;
        const repository = store.repository(name);
        const passedOver = (what, why) => this.#passOver(project, what, why);
        const tags = (await repository.tags({ signal })).filter((tag) => {
            const served = isTag(tag) && isVersionTag(tag);
            if (!served)
                passedOver(`tag ${tag}`, 'it is no version');
            return served;
        });
        const lane = new Lane(concurrency);
        const reader = new DocumentReader(concurrency, signal);
        const read = await Promise.all(tags.map(async (tag) => {
            const digest = isResolving(repository)
                ? await lane.run(() => repository.resolveTag(tag, { signal }))
                : (await reader.read(repository, tag))?.descriptor.digest;
            if (digest === undefined)
                return undefined;
            const key = `${name}:${tag}@${digest}`;
            const kept = this.#indexes.get(key);
            if (kept)
                return kept;
            const held = await readTag(repository, tag, reader, digest);
            if (held?.kind === 'foreign')
                passedOver(`tag ${tag}`, held.why);
            if (!held || held.kind === 'foreign')
                return undefined;
            this.#indexes.set(key, held);
            return held;
        }));
        const indexes = read.filter((index) => index !== undefined);
        await this.#learn(repository, indexes, reader);
        return projectOf(project, name, indexes, new Map(this.#digests.entries()), passedOver);
    }
    /** Files that were published before entries named their digests: one request each, once. */
    async #learn(repository, indexes, reader) {
        const silent = indexes.flatMap(({ files }) => files.filter((file) => !namesDigest(file)));
        await Promise.all(silent.map(async ({ manifest: { digest } }) => {
            if (this.#digests.has(digest))
                return;
            const manifest = await reader.readIfReadable(repository, digest);
            const sha256 = manifest && fileDigestOf(manifest);
            if (sha256 !== undefined)
                this.#digests.set(digest, sha256);
        }));
    }
    #passOver(project, what, why) {
        const key = `${project}: ${what}`;
        if (this.#told.has(key))
            return;
        this.#told.add(key);
        this.#options.passedOver(project, what, why);
    }
}

;// CONCATENATED MODULE: ./lib/serve/target.js
/** What the path of a request asks for. Pure; the path is whatever a client sends. */

const target_LONGEST = 4_096;
const target_METADATA = '.metadata';
const ABSENT = { kind: 'absent' };
/**
 * @param url of the request: path and query
 * @param base where the index lies on this server: `ghcr.io/octo-org`
 */
function targetOf(url, base) {
    if (url.length > target_LONGEST)
        return bad(`the address is longer than ${target_LONGEST} characters`);
    const path = url.split(/[?#]/, 1)[0] ?? '';
    if (!path.startsWith('/'))
        return bad('the address is no path');
    if (/%2f|%5c|%00|\\/i.test(path))
        return bad('the address hides a slash');
    let segments;
    try {
        segments = path.slice(1).split('/').map(decodeURIComponent);
    }
    catch {
        return bad('the address has a broken escape');
    }
    if (segments.some((segment) => segment === '.' || segment === '..'))
        return bad('the address has a dot as a segment');
    if (path === '/health')
        return { kind: 'health' };
    // pipenv and others join addresses with one slash too many.
    const [last, ...before] = [segments.at(-1) ?? '', ...segments.slice(0, -1).filter((segment) => segment !== '')];
    const whole = [...before, last];
    const within = base.split('/');
    if (!within.every((segment, at) => whole[at] === segment))
        return ABSENT;
    return targetWithin(whole.slice(within.length), base);
}
function targetWithin(segments, base) {
    const [first, second = '', third, ...more] = segments;
    if (more.length)
        return ABSENT;
    if (first === 'report' && segments.length === 1)
        return { kind: 'report' };
    if (first === 'legacy' && second === '' && third === undefined)
        return { kind: 'upload' };
    if (first === 'files')
        return third === undefined ? ABSENT : fileTarget(second, third);
    if (first !== 'simple' && first !== 'owned')
        return ABSENT;
    if (segments.length === 1)
        return { kind: 'moved', to: `/${base}/${first}/` };
    if (second === '')
        return third === undefined ? { kind: 'root', root: first } : ABSENT;
    const project = normalName(second);
    if (project === undefined)
        return ABSENT;
    if (third === 'json')
        return { kind: 'json', root: first, project };
    if (third === undefined || second !== project)
        return { kind: 'moved', to: `/${base}/${first}/${project}/` };
    return third === '' ? { kind: 'project', root: first, project } : ABSENT;
}
function fileTarget(sha256, name) {
    if (!/^[0-9a-f]{64}$/.test(sha256) || name === '')
        return ABSENT;
    if (!name.endsWith(target_METADATA))
        return { kind: 'file', sha256, filename: name };
    return { kind: 'metadata', sha256, filename: name.slice(0, -target_METADATA.length) };
}
function bad(why) {
    return { kind: 'bad', why };
}

;// CONCATENATED MODULE: ./lib/serve/trouble.js
/** What a failure of the registry is to a client: a gateway that got no answer, never "not there". */



/**
 * Why an owned project or file cannot be had. The status is 504: pip does not try it again and says it, uv and Poetry stop
 * there. A 404 would send some of them to another index.
 */
function troubleWith(project, error) {
    const hint = error instanceof errors/* UserError */.yo ? error.hint : undefined;
    const message = messageFor(project, error);
    const detail = hint === undefined ? message : `${message}. To fix it: ${hint}`;
    return { trouble: { status: 504, title: titleFor(error), detail }, failure: { project, message, hint } };
}
function messageFor(project, error) {
    const said = (0,errors/* explain */.WE)(error).replaceAll('\n', ': ');
    return isDenied(error) ? `${project} is not in the registry, or these credentials may not read it (${said})` : said;
}
function titleFor(error) {
    if (error instanceof NotReadyError)
        return 'Still reading the registry';
    if (isDenied(error))
        return 'Not there or not allowed by the registry';
    return error instanceof errors/* UserError */.yo ? 'The registry failed' : 'Internal error';
}

;// CONCATENATED MODULE: ./lib/serve/index-server.js
/** The package index on loopback: takes requests, turns strangers away, answers, and says what it did. */













/** The port is in use by another program. */
class PortTakenError extends errors/* UserError */.yo {
    name = 'PortTakenError';
}
/** Only this machine. */
const LOOPBACK = '127.0.0.1';
const MOST_SOCKETS = 256;
/** Milliseconds without a byte in either direction. */
const SILENCE = 60_000;
const HEADERS_WITHIN = 15_000;
/** Why a read ends whose client does not wait for it any more; and what streams make of that. */
const CLIENT_LEFT = new errors/* UserError */.yo('the client left');
const CUT = ['ERR_STREAM_PREMATURE_CLOSE', 'ABORT_ERR'];
/** @throws PortTakenError */
async function startIndexServer(options) {
    const index = new Index(options);
    // An upload takes as long as it takes; only silence ends it.
    const requestTimeout = options.takeUpload ? 0 : SILENCE;
    const server = (0,external_node_http_.createServer)({ headersTimeout: HEADERS_WITHIN, requestTimeout, keepAliveTimeout: SILENCE });
    server.maxConnections = MOST_SOCKETS;
    server.setTimeout(SILENCE, (socket) => socket.destroy());
    server.on('request', (request, response) => void index.answer(request, response, portOf(server)));
    await listen(server, options.port);
    const cut = () => server.closeAllConnections();
    options.signal.addEventListener('abort', cut, { once: true });
    return {
        port: portOf(server),
        get report() {
            return index.report;
        },
        close: async (drain) => {
            const closed = new Promise((resolve) => server.close(() => resolve()));
            server.closeIdleConnections();
            const over = new AbortController();
            options.clock.sleep(drain, over.signal).then(cut, () => { });
            await closed;
            over.abort();
            options.signal.removeEventListener('abort', cut);
        },
    };
}
async function listen(server, port) {
    server.listen(port, LOOPBACK);
    try {
        await (0,external_node_events_.once)(server, 'listening');
    }
    catch (cause) {
        if (codeOf(cause) !== 'EADDRINUSE')
            throw new errors/* UserError */.yo(`Cannot listen on port ${port}`, { cause });
        throw new PortTakenError(`Cannot listen on port ${port}: another program uses it`, { cause });
    }
}
function portOf(server) {
    return server.address()?.port ?? 0;
}
/** One index: what is asked of it, and what it answers. */
class Index {
    #options;
    #ledger;
    #projects;
    #files;
    constructor(options) {
        const { store, owned, clock, signal, onEvent } = options;
        this.#options = options;
        this.#ledger = new Ledger(onEvent);
        const passedOver = (project, what, why) => onEvent({ kind: 'passed-over', project, what, why });
        this.#projects = new Projects({ store, clock, signal, passedOver });
        this.#files = new FileStore({ store, owned, projects: this.#projects, signal });
    }
    get report() {
        return this.#ledger.report;
    }
    async answer(request, response, port) {
        this.#watch(request, response);
        // What a client breaks is its own request.
        for (const stream of [request, response])
            stream.on('error', () => { });
        const { password, takeUpload } = this.#options;
        const target = targetOf(request.url ?? '', this.#options.path);
        const method = wrongMethod(request.method, target.kind === 'upload' ? 'upload' : 'page', takeUpload !== undefined);
        const stranger = strangerIn(request, { port, password }) ?? method;
        if (!stranger && target.kind === 'upload' && takeUpload) {
            return this.#upload(request, response, takeUpload, port);
        }
        // What is sent along with a question is nothing to us.
        request.resume();
        if (stranger)
            return sendProblem(request, response, stranger, stranger.headers);
        if (target.kind === 'bad') {
            return sendProblem(request, response, { status: 400, title: 'Bad request', detail: `${target.why}.` });
        }
        if (target.kind === 'health') {
            return sendJson(request, response, { ok: true, path: this.#options.path, nonce: this.#options.nonce });
        }
        const denial = lackOfPassword(request.headers, { port, password });
        if (denial)
            return sendProblem(request, response, denial, denial.headers);
        return this.#targeted(target, request, response);
    }
    async #targeted(target, request, response) {
        switch (target.kind) {
            case 'report':
                return sendJson(request, response, this.report);
            case 'moved':
                return sendRedirect(response, 301, target.to);
            case 'root':
                return sendRoot(request, response, this.#options.owned.listed);
            case 'project':
            case 'json':
                return this.#project(target, request, response);
            case 'file':
            case 'metadata':
                return this.#file(target, request, response);
            default:
                return notFound(request, response, 'There is nothing under this address.');
        }
    }
    async #upload(request, response, takeUpload, port) {
        const denial = lackOfPassword(request.headers, { port, password: this.#options.password });
        if (denial) {
            request.resume();
            return sendProblem(request, response, denial, denial.headers);
        }
        const taken = await takeUpload(request, response);
        // All of it was read, or nobody needs the rest.
        request.resume();
        switch (taken.kind) {
            case 'left':
                return void response.destroy();
            case 'received': {
                const { upload, received } = taken;
                this.#projects.forget(received.project);
                this.#ledger.uploaded(upload.filename, received);
                return sendJson(request, response, { ok: true, file: upload.filename, ...received });
            }
            case 'failed': {
                const { trouble, file, project } = taken;
                this.#ledger.failed({ project: project ?? '', message: `${file ?? 'An upload'}: ${trouble.detail}` });
                return sendProblem(request, response, trouble);
            }
        }
    }
    async #project({ kind, root, project: name }, request, response) {
        const { owned, fallback } = this.#options;
        const found = owned.find(name);
        if (!found) {
            if (root === 'owned' || fallback === undefined || kind === 'json') {
                return notFound(request, response, `${name} is not among the packages of this index.`);
            }
            this.#ledger.redirected(name);
            return sendRedirect(response, 302, new URL(`${name}/`, fallback).href);
        }
        try {
            const project = await this.#projects.read(found);
            if (kind === 'json')
                sendProjectJson(request, response, project);
            else
                sendProject(request, response, project);
        }
        catch (error) {
            this.#failed(name, error, request, response);
        }
    }
    async #file({ kind, ...address }, request, response) {
        const gone = new AbortController();
        response.once('close', () => gone.abort(CLIENT_LEFT));
        const signal = AbortSignal.any([gone.signal, this.#options.signal]);
        let project = '';
        try {
            let listed;
            for (const owner of this.#files.ownersOf(address.filename)) {
                project = owner.project;
                listed ??= await this.#files.find(address, owner);
            }
            if (!listed || (kind === 'metadata' && listed.file.coreMetadata === undefined)) {
                return notFound(request, response, `${address.filename} is not among the files of this index under this hash.`);
            }
            project = listed.owned.project;
            if (kind === 'metadata')
                return await sendMetadata(request, response, listed, this.#files, signal);
            await sendFile(request, response, listed, this.#files, signal);
            if (response.statusCode === 200 && request.method === 'GET')
                this.#ledger.served(project, listed.file.size ?? 0);
        }
        catch (error) {
            this.#failed(project, error, request, response);
        }
    }
    /** Tells a failure where it is seen; an answer that has begun is cut, so that nobody takes it for whole. */
    #failed(project, error, request, response) {
        // The client left: nothing failed, and nobody is there to be told.
        if (error === CLIENT_LEFT || CUT.includes(codeOf(error)))
            return void response.destroy();
        const { trouble, failure } = troubleWith(project, error);
        this.#ledger.failed(failure);
        if (response.headersSent)
            response.destroy();
        else
            sendProblem(request, response, trouble);
    }
    #watch(request, response) {
        const { clock, onEvent, path } = this.#options;
        const begun = clock.now();
        const { socket, method = '' } = request;
        // pip writes the colon of a registry's port in its own way.
        const url = (request.url ?? '').replaceAll(/%3a/gi, ':');
        const before = socket.bytesWritten;
        response.once('close', () => {
            onEvent({
                kind: 'answered',
                method,
                target: url.startsWith(`/${path}/`) ? url.slice(path.length + 1) : url,
                status: response.headersSent ? response.statusCode : 0,
                cut: !response.writableFinished,
                bytes: socket.bytesWritten - before,
                milliseconds: clock.now() - begun,
                client: request.headers['user-agent']?.split(' ', 1)[0] ?? '',
            });
        });
    }
}
function notFound(request, response, detail) {
    sendProblem(request, response, { status: 404, title: 'Not found', detail });
}

;// CONCATENATED MODULE: ./lib/simple/owned-names.js
/** Which projects are served from the registry: names and globs that the user lists, and nothing that is looked up. */



const owned_names_LEGAL = /^[A-Za-z0-9*?](?:[A-Za-z0-9*?._-]*[A-Za-z0-9*?])?$/;
const HINT = 'write a name or a glob, as in hello-pyoci or acme-*; NAMESPACE/NAME for another namespace';
/** The owned names of a run, as the user lists them. */
class OwnedNames {
    #patterns;
    #host;
    /**
     * @param patterns names and globs (`*`, `?`), compared in normal form (PEP 503); `NAMESPACE/` in front for another one
     * @param namespace of those that name none
     * @param host of the registry, empty for a folder; it counts towards the length of a repository's name
     * @throws UsageError for a pattern that is none, or none at all
     */
    constructor(patterns, namespace, host = '') {
        if (!patterns.length)
            throw new errors/* UsageError */.eb('found nothing, expected at least one name', { hint: HINT });
        const parsed = patterns.map((pattern) => parse(pattern, namespace, host));
        // A name that is written out says more than a glob.
        this.#patterns = [...parsed.filter(isPlain), ...parsed.filter((pattern) => !isPlain(pattern))];
        this.#host = host;
    }
    /** @param project in normal form. @returns `undefined` if it is not ours */
    find(project) {
        const pattern = this.#patterns.find(({ matches }) => matches.test(project));
        return pattern && this.#named(project, pattern.namespace);
    }
    /** The names that are written out, in order: globs name nothing by themselves. */
    get listed() {
        return [...new Set(this.#patterns.filter(isPlain).map(({ text }) => text))].sort();
    }
    /** Whether there is a pattern that every name matches: then nothing is left for any other index. */
    get everything() {
        return this.#patterns.some(({ text }) => /^\*+$/.test(text));
    }
    #named(project, namespace) {
        return { project, repository: parseRepositoryName(`${namespace}/${repositoryOf(project)}`, this.#host) };
    }
}
function parse(pattern, namespace, host) {
    const slash = pattern.lastIndexOf('/');
    const name = pattern.slice(slash + 1);
    const within = slash < 0 ? namespace : pattern.slice(0, slash).toLowerCase();
    if (!owned_names_LEGAL.test(name))
        throw new errors/* UsageError */.eb(`found "${pattern}", expected the name of a project or a glob`, { hint: HINT });
    if (within === undefined) {
        throw new errors/* UsageError */.eb(`found "${pattern}", but no namespace to look for it in`, {
            hint: `set the namespace, or write NAMESPACE/${name}`,
        });
    }
    parseRepositoryName(within, host);
    const text = name.replace(/[-_.]+/g, '-').toLowerCase();
    const parts = [...text].map((letter) => (letter === '*' ? '.*' : letter === '?' ? '.' : letter));
    return { namespace: within, text, matches: new RegExp(`^${parts.join('')}$`) };
}
function isPlain({ text }) {
    return !/[*?]/.test(text);
}

// EXTERNAL MODULE: external "node:os"
var external_node_os_ = __nccwpck_require__(8161);
// EXTERNAL MODULE: external "node:path"
var external_node_path_ = __nccwpck_require__(6760);
;// CONCATENATED MODULE: ./lib/run/machine/home-folder.js


/**
 * The home folder of the user we run as: what `HOME` says, else the system's list of users. `undefined` if neither gives
 * a whole path, as in a container that runs as a number without a name. A part of a path is none: it would be a folder
 * of the project at hand.
 */
function homeFolder(system = { homedir: external_node_os_.homedir, userInfo: external_node_os_.userInfo }) {
    for (const ask of [() => system.homedir(), () => system.userInfo().homedir]) {
        try {
            const found = ask();
            if ((0,external_node_path_.isAbsolute)(found))
                return found;
        }
        catch {
            // The system throws for a user that it does not know.
        }
    }
    return undefined;
}

;// CONCATENATED MODULE: ./lib/oci/registry/login/docker-host.js
/** How Docker names a registry in its config file: bare, or as the URL it once spoke to. User info makes it another name. */
const KEY = /^(?:https?:\/\/)?((?:[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?|\[[0-9a-f:.]+\])(?::[0-9]+)?)(?:\/(?:v[12]\/?)?)?$/i;
/** Docker Hub's names for itself. */
const HUB = ['docker.io', 'index.docker.io', 'registry-1.docker.io'];
/** Whether an entry of the Docker config file is for exactly this host and port, in a form that Docker itself writes. */
function isKeyOf(key, host) {
    const named = KEY.exec(key)?.[1]?.toLowerCase();
    return named !== undefined && (named === host.toLowerCase() || (isHub(named) && isHub(host.toLowerCase())));
}
/** How podman limits an entry to a repository, or to all below a path. Docker writes no such entries. */
const PATH_KEY = /^([^/]+)\/([a-z0-9]+(?:[._-]+[a-z0-9]+)*(?:\/[a-z0-9]+(?:[._-]+[a-z0-9]+)*)*)$/;
/**
 * The path in exactly this registry that an entry is limited to: `owner/demo` of `quay.io/owner/demo`. `undefined` if it is
 * for all of the registry, or for another one.
 */
function pathOfKey(key, host) {
    if (isKeyOf(key, host))
        return undefined;
    const [, registry = '', path] = PATH_KEY.exec(key) ?? [];
    return isKeyOf(registry, host) ? path : undefined;
}
/** Whether a repository, or a path, lies at `path` or below it. */
function isWithin(repository, path) {
    return repository === path || repository.startsWith(`${path}/`);
}
/** What a credential helper knows the registry by: `docker login` stored it under this. */
function helperKeyOf(host) {
    return isHub(host.toLowerCase()) ? 'https://index.docker.io/v1/' : host;
}
/** Where Docker Hub's registry answers; its other names lead to web pages. */
const HUB_REGISTRY = 'registry-1.docker.io';
/** The host that speaks for a registry which is known by other names too: Docker Hub. */
function answeringHost(host) {
    return isHub(host.toLowerCase()) ? HUB_REGISTRY : host;
}
/** What to type to sign in: Docker Hub's entry is the one without a name. */
function loginCommand(host) {
    return isHub(host.toLowerCase()) ? 'docker login' : `docker login ${host}`;
}
function isHub(host) {
    return HUB.includes(host);
}

;// CONCATENATED MODULE: ./lib/oci/registry/login/registry-host.js


const registry_host_NAME = /^(?=.{1,253}$)[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)*$/;
const registry_host_HINT = 'write host or host:port, as in ghcr.io; http://host:port for a registry without TLS';
/**
 * The `registry` input: `host[:port]`, with `http://` for plain HTTP, which is implied for loopback.
 * What could send a credential to a host the reader of the workflow does not see is refused: user info, a path, a query,
 * letters that only look like ASCII.
 * @throws UsageError
 */
function parseRegistry(text) {
    const [, scheme, rest = ''] = /^(?:(https?):\/\/)?(.*?)\/?$/is.exec(text.trim()) ?? [];
    if (rest.includes('@'))
        throw wrong(rest.slice(rest.lastIndexOf('@') + 1), 'user and password do not belong here', 'use the inputs username and password');
    if (rest.includes('://'))
        throw wrong(text, 'its scheme is neither http nor https');
    if (/[/?#]/.test(rest))
        throw wrong(text, 'it has a path', 'write the host here, and the path as the namespace');
    if (/[^\x21-\x7e]/.test(rest))
        throw wrong(text, 'it holds blanks or characters outside ASCII', 'write an international name in its xn-- form');
    const [, host = '', port] = /^(.*?)(?::([0-9]{1,5}))?$/.exec(rest.toLowerCase()) ?? [];
    if (!registry_host_NAME.test(host) && !/^\[[0-9a-f:.]{2,45}\]$/.test(host))
        throw wrong(text, 'it is no host name');
    if (!registry_host_isPlain(host))
        throw wrong(text, 'it is an address in an unusual notation');
    if (port !== undefined && (Number(port) < 1 || Number(port) > 65_535))
        throw wrong(text, 'its port is none of 1 to 65535');
    const implied = isLoopback(host) ? 'http' : 'https';
    return {
        host: port === undefined ? answeringHost(host) : `${host}:${port}`,
        scheme: scheme === undefined ? implied : scheme.toLowerCase() === 'http' ? 'http' : 'https',
    };
}
function isLoopback(host) {
    return (host === 'localhost' || host.endsWith('.localhost') || host === '[::1]' || /^127(?:\.[0-9]{1,3}){3}$/.test(host));
}
/** Whether URLs keep the host as it is: `0x7f.1` and `2130706433` would turn into another one. */
function registry_host_isPlain(host) {
    const url = `http://${host}/`;
    return URL.canParse(url) && new URL(url).hostname === host;
}
function wrong(found, what, hint = registry_host_HINT) {
    return new errors/* UsageError */.eb(`found "${found}", but ${what}`, { hint });
}

;// CONCATENATED MODULE: ./lib/github/registry.js




const GHCR = { host: 'ghcr.io', scheme: 'https' };
const SILENCE_MS = 20_000;
/**
 * GitHub's own container registry of the server the job runs on: `ghcr.io` on github.com and outside of any job; other
 * instances (ghe.com, GHES) are asked for theirs.
 * @throws UserError if the instance does not tell
 */
async function githubRegistry(job, caller) {
    if (!job || isGitHubDotCom(job))
        return GHCR;
    const address = `${job.apiUrl}/packages/container-registry-url`;
    try {
        return registryOf(await ask(address, caller));
    }
    catch (cause) {
        throw new errors/* UserError */.yo(`Cannot find the container registry of ${job.serverUrl}: ${address} gave no usable answer`, {
            cause,
            hint: 'name the registry with the input `registry`, as in containers.example.com',
        });
    }
}
/**
 * Whether a registry that was named is the server's own by its name alone, which asks nobody: `ghcr.io` on github.com,
 * `containers.HOST` elsewhere. Servers that only look like GitHub's, as Gitea and Forgejo do, have none of that name.
 * @see https://docs.github.com/en/enterprise-server/packages/working-with-a-github-packages-registry/working-with-the-container-registry
 */
function isNamedAsOwn(job, { host }) {
    if (isGitHubDotCom(job))
        return host === GHCR.host;
    return URL.canParse(job.serverUrl) && host === `containers.${new URL(job.serverUrl).host}`;
}
/** One request, without redirects: the token is for this API and for nobody it may point to. */
async function ask(address, { token, userAgent }) {
    const { HttpClient } = await __nccwpck_require__.e(/* import() */ 942).then(__nccwpck_require__.bind(__nccwpck_require__, 4942));
    const client = new HttpClient(userAgent, [], { allowRedirects: false, socketTimeout: SILENCE_MS });
    try {
        const response = await client.getJson(address, token ? { authorization: `Bearer ${token}` } : {});
        if (response.statusCode !== 200)
            throw new errors/* UserError */.yo(`it answered ${response.statusCode}`);
        return response.result;
    }
    finally {
        client.dispose();
    }
}
/** The answer is `{"url": "https://containers.example.com"}`. */
function registryOf(answer) {
    if (!descriptor_isObject(answer) || typeof answer.url !== 'string')
        throw new errors/* UserError */.yo('it named no url');
    return parseRegistry(answer.url);
}

;// CONCATENATED MODULE: external "node:fs/promises"
const external_node_fs_promises_namespaceObject = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:fs/promises");
;// CONCATENATED MODULE: ./lib/core/bytes.js



/**
 * Bytes read at once. Measured with uploads of 1 GiB: half the time of 64 KiB pieces; more than this gains nothing, and
 * each upload holds two of them.
 */
const bytes_PIECE = (/* unused pure expression or super */ null && (512 * 1024));
function memoryBytes(bytes) {
    const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    return {
        size: buffer.length,
        async *pieces() {
            if (buffer.length)
                yield buffer;
        },
        read: async (offset, length) => {
            if (offset < 0 || offset + length > buffer.length)
                throw cutShort('memory', offset, length, buffer.length);
            return buffer.subarray(offset, offset + length);
        },
        close: async () => { },
    };
}
/** The bytes of a regular file, its size as it is now. @throws UserError if it is not a regular file. */
async function fileBytes(path) {
    const status = await stat(path);
    if (!status.isFile())
        throw new UserError(`Cannot read ${path}: it is not a regular file`);
    const file = { path, size: status.size, mtimeMs: status.mtimeMs };
    let handle;
    let whole;
    const readAt = async (offset, length) => {
        handle ??= open(path, 'r');
        const buffer = Buffer.alloc(length);
        let filled = 0;
        while (filled < length) {
            const { bytesRead } = await (await handle).read(buffer, filled, length - filled, offset + filled);
            if (bytesRead === 0)
                throw cutShort(path, offset, length, offset + filled);
            filled += bytesRead;
        }
        return buffer;
    };
    return {
        size: file.size,
        file,
        pieces: () => piecesOf(file),
        read: async (offset, length) => {
            if (file.size > bytes_PIECE || offset + length > file.size)
                return readAt(offset, length);
            // What asks for one part of a small file asks for ten more, and each costs more than reading all of it.
            whole ??= readAt(0, file.size);
            return Buffer.from((await whole).subarray(offset, offset + length));
        },
        close: async () => {
            const opened = handle;
            handle = undefined;
            whole = undefined;
            await (await opened)?.close();
        },
    };
}
/**
 * The last piece is kept back until it is sure that the file has not changed: nobody gets all bytes of a wrong one.
 * Two buffers in turn: one is read into while the other is used. A new one for each piece would cost as much processor
 * time for collecting them as hashing all bytes does.
 */
async function* piecesOf(file) {
    const handle = await open(file.path, 'r');
    const buffers = [];
    let turn = 0;
    const readAt = async (at) => {
        const left = file.size - at;
        turn = 1 - turn;
        const buffer = buffers[turn] ?? Buffer.allocUnsafeSlow(Math.min(bytes_PIECE, left));
        buffers[turn] = buffer;
        const { bytesRead } = await handle.read(buffer, 0, Math.min(buffer.length, left), at);
        return buffer.subarray(0, bytesRead);
    };
    try {
        let next = file.size > 0 ? readAt(0) : undefined;
        for (let at = 0; next;) {
            const piece = await next;
            if (piece.length === 0)
                throw changed(file.path);
            at += piece.length;
            next = at < file.size ? readAt(at) : undefined;
            // It may fail before anybody asks for it.
            next?.catch(() => { });
            if (!next)
                await checkUnchanged(file);
            yield piece;
        }
    }
    finally {
        await handle.close();
    }
    if (file.size === 0)
        await checkUnchanged(file);
}
/** The same bytes as a stream, whose pieces are the reader's to keep. */
function streamOf(bytes) {
    const copies = async function* () {
        for await (const piece of bytes.pieces())
            yield Buffer.from(piece);
    };
    return external_node_stream_.Readable.from(copies(), { objectMode: false });
}
/**
 * To be asked when the last byte has been read: a file may change between its check and its upload.
 * @throws UserError if it is no longer the file that was looked at first
 */
async function checkUnchanged({ path, size, mtimeMs }) {
    const now = await stat(path);
    if (now.size !== size || now.mtimeMs !== mtimeMs)
        throw changed(path);
}
function changed(path) {
    return new UserError(`Cannot publish ${path}: the file was changed after it had been checked`, {
        hint: 'make sure that no other step writes into the folder while it is published, then run again',
    });
}
function cutShort(what, offset, length, end) {
    return new errors/* UserError */.yo(`Cannot read ${length} bytes at ${offset} of ${what}: it ends at ${end}`);
}

;// CONCATENATED MODULE: ./lib/oci/references.js





/**
 * What must exist for `document` to be whole. `subject` is not among them: it may come later or never.
 * @see https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#pushing-manifests
 * @throws UserError if it is no index or image manifest, or its descriptors are malformed
 */
function referencesOf({ value, descriptor }) {
    switch (descriptor.mediaType) {
        case media_types_OCI_INDEX:
        case DOCKER_LIST:
            return { blobs: [], manifests: digestsOf(value.manifests, 'manifests', descriptor.digest) };
        case OCI_MANIFEST:
        case DOCKER_MANIFEST:
            return {
                blobs: [
                    ...digestsOf([value.config], 'config', descriptor.digest),
                    ...digestsOf(value.layers, 'layers', descriptor.digest),
                ],
                manifests: [],
            };
        default:
            throw new errors/* UserError */.yo(`Cannot store ${descriptor.digest}: ${descriptor.mediaType} is neither an index nor an image manifest`);
    }
}
/** The refusal of a document whose references are not all there; a registry's `MANIFEST_BLOB_UNKNOWN`. */
function missingReferences(document, missing, where) {
    const named = missing.filter((digest) => isDigest(digest));
    return new MissingReferenceError(`Cannot store ${document.descriptor.digest} in ${where}: it points at ${missing.join(', ')}, which is not there`, named);
}
function digestsOf(descriptors, member, of) {
    if (!Array.isArray(descriptors))
        throw new errors/* UserError */.yo(`Cannot store ${of}: it has no list "${member}"`);
    return descriptors.map((descriptor) => {
        if (descriptor_isObject(descriptor) && typeof descriptor.digest === 'string')
            return descriptor.digest;
        throw new errors/* UserError */.yo(`Cannot store ${of}: its "${member}" holds something without a digest`);
    });
}

;// CONCATENATED MODULE: ./lib/oci/transfer.js



/** The bytes of `source` as a stream that fails if they are not those of `blob`, or if the signal aborts. */
function verified(source, blob, options) {
    const checked = verifying(blob, options);
    if (options.signal)
        (0,external_node_stream_.addAbortSignal)(anySignal(options.signal, undefined), checked);
    (0,external_node_stream_.pipeline)(source, checked, () => {
        // The reader learns of every failure from the stream it holds.
    });
    return checked;
}
/** For callers who let everything go at once. */
const atOnce = (send) => send();
/** Why a transfer failed: the reason of the signal if that is what ended it, else the error itself. */
function reasonOf(error, signal) {
    return signal?.aborted ? signal.reason : error;
}

;// CONCATENATED MODULE: ./lib/oci/layout/atomic-files.js


const MARK = '.part';
/** Writes files beside their place and renames them, so that a reader sees the whole file or none of it. */
class AtomicFiles {
    #pid;
    #random;
    #count = 0;
    constructor(pid, random) {
        this.#pid = pid;
        this.#random = random;
    }
    /**
     * Lets `produce` write a new file, which must not exist yet, and moves it to `path`, or to where `produce` says once
     * it knows. Leaves nothing behind on failure.
     * @throws UserError if the file system refuses; errors of ours that `produce` throws come through as they are
     */
    async write(path, produce) {
        const part = this.nameBeside(path);
        try {
            const place = await produce(part);
            await (0,external_node_fs_promises_namespaceObject.rename)(part, place ?? path);
        }
        catch (cause) {
            throw isSystemError(cause) && isOf(path, cause) ? cannotWrite(path, cause) : cause;
        }
        finally {
            await (0,external_node_fs_promises_namespaceObject.rm)(part, { force: true });
        }
    }
    /** A name in the same folder that no other writer uses: not in this process, on this machine, or on another. */
    nameBeside(path) {
        this.#count += 1;
        const chance = Math.floor(this.#random() * 2 ** 40).toString(36);
        return `${path}.${this.#pid}-${this.#count}-${chance}${MARK}`;
    }
}
/** Whether it was the writing that failed. What is written may come from another file, whose trouble is not ours. */
function isOf(path, { syscall, path: at }) {
    return syscall !== 'read' && (at === undefined || at.startsWith(path));
}
/** Whether a file of this name is what a killed writer of `base` left behind. */
function isLeftover(name, base) {
    return name.startsWith(`${base}.`) && name.endsWith(MARK);
}
/** Whether a file of this name was made by one of us to become another; files that merely end alike are not ours. */
function isPart(name) {
    return /.\.[0-9]+-[0-9]+-[0-9a-z]+\.part$/.test(name);
}
/** Whether an error comes from the operating system, with this code if one is given. */
function isSystemError(error, code) {
    if (!(typeof error === 'object' && error !== null && 'syscall' in error && 'code' in error))
        return false;
    return code === undefined || error.code === code;
}
/** `work`, or `undefined` if the file it wants does not exist. */
async function unlessAbsent(work) {
    try {
        return await work;
    }
    catch (error) {
        if (isSystemError(error, 'ENOENT'))
            return undefined;
        throw error;
    }
}
const HINTS = {
    EACCES: 'give the user that runs this write access to the folder',
    EPERM: 'give the user that runs this write access to the folder',
    EROFS: 'give a folder on a disk that can be written',
    ENOENT: 'give a folder on a disk that can be written; one without "/" in front needs a current folder that still exists',
    ENOTDIR: 'a part of this path is a file: give another folder',
    ENOSPC: 'make room on the disk, then run again',
    EDQUOT: 'make room within the quota, then run again',
};
function cannotWrite(path, cause) {
    return new errors/* UserError */.yo(`Cannot write ${path}: ${cause.code ?? cause.message}`, {
        cause,
        hint: HINTS[cause.code ?? ''],
    });
}

;// CONCATENATED MODULE: ./lib/oci/layout/manifest-type.js


/**
 * The media type of a manifest or index read by digest, where no descriptor tells it; `undefined` for other content.
 * Documents written before image-spec v1.1 may lack `mediaType` and are known by their members.
 * @see https://github.com/opencontainers/image-spec/blob/v1.1.1/manifest.md#image-manifest-property-descriptions
 */
function manifestTypeOf(bytes) {
    let value;
    try {
        value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
    }
    catch {
        return undefined;
    }
    if (!descriptor_isObject(value) || value.schemaVersion !== 2)
        return undefined;
    const { mediaType } = value;
    if (typeof mediaType === 'string')
        return MANIFEST_TYPES.includes(mediaType) ? mediaType : undefined;
    if (Array.isArray(value.manifests))
        return media_types_OCI_INDEX;
    return descriptor_isObject(value.config) && Array.isArray(value.layers) ? OCI_MANIFEST : undefined;
}

;// CONCATENATED MODULE: ./lib/oci/layout/deletion.js
/** Manifests of a layout that go: their names first, then the files that nothing in the folder names any more. */








/** The manifests of a layout, which all of its repositories share. */
class LayoutManifests {
    #folder;
    #index;
    /** What each manifest names, which its digest holds fast. */
    #named = new Map();
    constructor(folder, index) {
        this.#folder = folder;
        this.#index = index;
    }
    /**
     * Drops the names that `owns` says, those of no name, and the file unless something else in the folder names it.
     * @throws UserError if an index of the folder cannot be read: nobody knows what it names
     */
    async delete(digest, owns, signal) {
        let removed = false;
        const dropped = await this.#index.remove((entry, name) => entry.digest === digest && (name === undefined || owns(name)), {
            before: async (left) => {
                removed = !(await this.#reachable(left)).has(digest);
            },
            after: async () => {
                if (removed)
                    removed = await this.#remove(digest);
            },
        }, signal);
        return dropped || removed ? 'deleted' : 'absent';
    }
    /** Manifests and indexes among the blobs that nothing in the folder names. Only small files can be one. */
    async orphans() {
        const reached = await this.#reachable(await this.#index.entries());
        const place = (0,external_node_path_.dirname)(this.#folder.blobPath('sha256:any'));
        const names = (await unlessAbsent((0,external_node_fs_promises_namespaceObject.readdir)(place))) ?? [];
        const found = [];
        for (const name of names.filter((one) => /^[0-9a-f]{64}$/.test(one) && !reached.has(`sha256:${one}`))) {
            const path = (0,external_node_path_.join)(place, name);
            const { size, mtimeMs } = (await unlessAbsent((0,external_node_fs_promises_namespaceObject.stat)(path))) ?? { size: 0, mtimeMs: 0 };
            if (size < 2 || size > LARGEST_DOCUMENT || !(await beginsAsObject(path)))
                continue;
            const bytes = await unlessAbsent((0,external_node_fs_promises_namespaceObject.readFile)(path));
            if (bytes && manifestTypeOf(bytes))
                found.push({ digest: digestFromHex(name), since: mtimeMs });
        }
        return found;
    }
    /** Digests of what entries name, and of all that is named by that. */
    async #reachable(entries) {
        const reached = new Set();
        const queue = entries.flatMap(({ digest }) => (typeof digest === 'string' ? [digest] : []));
        for (let at = queue.pop(); at !== undefined; at = queue.pop()) {
            if (reached.has(at))
                continue;
            reached.add(at);
            queue.push(...(await this.#namedBy(at)));
        }
        return reached;
    }
    async #namedBy(digest) {
        const known = this.#named.get(digest);
        if (known)
            return known;
        const path = this.#folder.blobPath(digest);
        const bytes = await unlessAbsent((0,external_node_fs_promises_namespaceObject.readFile)(path));
        // A manifest that is gone names nothing; so does one of another algorithm, which is nobody's here.
        const named = bytes && bytes.length <= LARGEST_DOCUMENT ? manifestsIn(bytes, path) : [];
        if (bytes)
            this.#named.set(digest, named);
        return named;
    }
    async #remove(digest) {
        const path = this.#folder.blobPath(digest);
        try {
            await (0,external_node_fs_promises_namespaceObject.rm)(path);
            return true;
        }
        catch (error) {
            if (isSystemError(error, 'ENOENT'))
                return false;
            throw isSystemError(error) ? cannotWrite(path, error) : error;
        }
    }
}
function manifestsIn(bytes, path) {
    if (bytes[0] !== OBJECT)
        return [];
    let value;
    try {
        value = JSON.parse(bytes.toString('utf8'));
    }
    catch (cause) {
        throw new errors/* UserError */.yo(`Cannot read ${path}: it is not JSON, so that nobody knows what it names`, {
            cause,
            hint: 'restore the file, or give another folder',
        });
    }
    if (!descriptor_isObject(value) || !Array.isArray(value.manifests))
        return [];
    return value.manifests.flatMap((entry) => (descriptor_isObject(entry) && isDigest(entry.digest) ? [entry.digest] : []));
}
/** `{` */
const OBJECT = 0x7b;
async function beginsAsObject(path) {
    const file = await unlessAbsent((0,external_node_fs_promises_namespaceObject.open)(path));
    if (!file)
        return false;
    try {
        const { buffer, bytesRead } = await file.read(Buffer.alloc(1), 0, 1, 0);
        return bytesRead === 1 && buffer[0] === OBJECT;
    }
    finally {
        await file.close();
    }
}

;// CONCATENATED MODULE: ./lib/core/folder.js



/**
 * Makes a folder, and those above it that are missing; one that exists stays as it is.
 * Node's own `recursive` never ends where a folder exists but takes no others, as in /proc.
 * @throws the error of the operating system
 */
async function makeFolder(path) {
    try {
        await makeOne(path);
    }
    catch (error) {
        const parent = (0,external_node_path_.dirname)(path);
        if (codeOf(error) !== 'ENOENT' || parent === path)
            throw error;
        await makeFolder(parent);
        await makeOne(path);
    }
}
async function makeOne(path) {
    try {
        await (0,external_node_fs_promises_namespaceObject.mkdir)(path);
    }
    catch (error) {
        if (!(await isFolder(path)))
            throw error;
    }
}
async function isFolder(path) {
    return (0,external_node_fs_promises_namespaceObject.stat)(path).then((status) => status.isDirectory(), () => false);
}

;// CONCATENATED MODULE: ./lib/oci/layout/folder.js






/** @see https://github.com/opencontainers/image-spec/blob/v1.1.1/image-layout.md#oci-layout-file */
const MARKER = 'oci-layout';
const folder_VERSION = '1.0.0';
/** `algorithm:encoded`, image-spec v1.1.1 "Digests"; neither part can climb out of its folder. */
const folder_DIGEST = /^([a-z0-9]+(?:[+._-][a-z0-9]+)*):([a-zA-Z0-9=_-]+)$/;
/** The folder of an image layout: what it must look like, and where things lie in it. Reading creates nothing. */
class LayoutFolder {
    path;
    #files;
    #prepared;
    constructor(path, files) {
        this.path = path;
        this.#files = files;
    }
    get indexPath() {
        return (0,external_node_path_.join)(this.path, 'index.json');
    }
    /** Where the content of a digest lies, of any algorithm. @throws UserError if it is no digest */
    blobPath(digest) {
        const [, algorithm, encoded] = folder_DIGEST.exec(digest) ?? [];
        if (algorithm && encoded)
            return (0,external_node_path_.join)(this.path, 'blobs', algorithm, encoded);
        throw new errors/* UserError */.yo(`Cannot look for content in ${this.path}: "${digest}" is no digest`);
    }
    /**
     * Whether a layout is there; `false` if the folder is empty or does not exist.
     * @throws UserError if the folder holds something else, or a layout of another version
     */
    async exists() {
        if (await this.#isMarked())
            return true;
        const names = (await this.#reading(this.path, (0,external_node_fs_promises_namespaceObject.readdir)(this.path))) ?? [];
        if (names.every((name) => isLeftover(name, MARKER)))
            return false;
        // Another writer may have made the layout between the two looks.
        if (names.includes(MARKER) && (await this.#isMarked()))
            return true;
        throw new errors/* UserError */.yo(`Cannot use ${this.path}: it is not empty and holds no OCI image layout`, {
            hint: `give a new or an empty folder, or one with a file "${MARKER}" in it`,
        });
    }
    /** @throws UserError if the marker is that of another version */
    async #isMarked() {
        const marker = (0,external_node_path_.join)(this.path, MARKER);
        const text = await this.#reading(marker, (0,external_node_fs_promises_namespaceObject.readFile)(marker, 'utf8'));
        if (text === undefined)
            return false;
        const found = versionIn(text);
        if (found === folder_VERSION)
            return true;
        throw new errors/* UserError */.yo(`Cannot use ${marker}: expected layout version ${folder_VERSION}, found ${found}`, {
            hint: 'give another folder',
        });
    }
    /** Makes the folder a layout if it is none yet. */
    async prepare() {
        this.#prepared ??= this.#create();
        try {
            await this.#prepared;
        }
        catch (error) {
            this.#prepared = undefined;
            throw error;
        }
    }
    /** The marker comes first: whoever looks in between must not take the folder for somebody's data. */
    async #create() {
        const exists = await this.exists();
        try {
            await makeFolder(this.path);
            if (!exists) {
                const text = JSON.stringify({ imageLayoutVersion: folder_VERSION });
                await this.#files.write((0,external_node_path_.join)(this.path, MARKER), (part) => (0,external_node_fs_promises_namespaceObject.writeFile)(part, text, { flag: 'wx' }));
            }
            await makeFolder((0,external_node_path_.join)(this.path, 'blobs', 'sha256'));
        }
        catch (cause) {
            throw isSystemError(cause) ? cannotWrite(this.path, cause) : cause;
        }
    }
    async #reading(path, work) {
        try {
            return await unlessAbsent(work);
        }
        catch (cause) {
            throw new errors/* UserError */.yo(`Cannot read ${path}`, { cause });
        }
    }
}
function versionIn(text) {
    let value;
    try {
        value = JSON.parse(text);
    }
    catch {
        return 'no JSON';
    }
    const version = descriptor_isObject(value) ? value.imageLayoutVersion : undefined;
    return typeof version === 'string' ? version : 'none';
}

;// CONCATENATED MODULE: ./lib/oci/layout/leftovers.js



/** In milliseconds. Long, since a file that is still being written may show no new time for a while on a slow share. */
const STALE = 60 * 60 * 1_000;
/**
 * Removes the parts of files that killed writers have left in a layout. Call it with the folder's lock held and right
 * after `index.json` was written: that file tells the time by the clock that parts are judged by, which on a network
 * share is not ours. A part that was written to within the last hour stays. Should a writer that lives be silent for
 * longer, it fails and loses nothing that stands. Never fails: what cannot be removed is left to the next one.
 */
async function sweepLeftovers(folder) {
    const now = await changedAt(folder.indexPath);
    if (now === undefined)
        return;
    for (const place of [folder.path, (0,external_node_path_.dirname)(folder.blobPath('sha256:any'))]) {
        for (const name of (await (0,external_node_fs_promises_namespaceObject.readdir)(place).catch(() => [])).filter((one) => isPart(one))) {
            const path = (0,external_node_path_.join)(place, name);
            const changed = await changedAt(path);
            if (changed !== undefined && now - changed > STALE)
                await (0,external_node_fs_promises_namespaceObject.rm)(path, { force: true }).catch(() => { });
        }
    }
}
async function changedAt(path) {
    return (await (0,external_node_fs_promises_namespaceObject.stat)(path).catch(() => undefined))?.mtimeMs;
}

;// CONCATENATED MODULE: ./lib/oci/layout/index-file.js







/** @see https://github.com/opencontainers/image-spec/blob/v1.1.1/annotations.md#pre-defined-annotation-keys */
const REF_NAME = 'org.opencontainers.image.ref.name';
/** Members that tell of the content behind a descriptor and so do not outlive it. image-spec v1.1.1, "Descriptors". */
const OF_CONTENT = ['data', 'urls', 'platform', 'artifactType'];
/**
 * The names of a layout. What others put in is kept: foreign entries, annotations and members that we do not know.
 * @see https://github.com/opencontainers/image-spec/blob/v1.1.1/image-layout.md#indexjson-file
 */
class IndexFile {
    #folder;
    #lock;
    #files;
    #swept;
    constructor(folder, lock, files) {
        this.#folder = folder;
        this.#lock = lock;
        this.#files = files;
    }
    /** Every name, in the order of the file. */
    async names() {
        return (await this.#read()).manifests.flatMap((entry) => nameOf(entry) ?? []);
    }
    /** What `name` stands for. @throws UserError if two entries have this name */
    async find(name) {
        const at = this.#positionOf(name, await this.#read());
        return at === undefined ? undefined : parseDescriptor(at.entry, `${this.#folder.indexPath} ("${name}")`);
    }
    /** Lets `name` stand for `content`; an entry of that name stays in its place. */
    async point(name, content, signal) {
        await this.#lock.hold(async (confirm) => {
            const index = await this.#read();
            const at = this.#positionOf(name, index);
            const entry = retargeted(at?.entry ?? {}, name, content);
            const manifests = at ? index.manifests.with(at.position, entry) : [...index.manifests, entry];
            const { bytes } = document_encode({ ...index, manifests });
            await this.#files.write(this.#folder.indexPath, async (part) => {
                await (0,external_node_fs_promises_namespaceObject.writeFile)(part, bytes, { flag: 'wx' });
                await confirm();
            });
            // Once a run is enough.
            this.#swept ??= sweepLeftovers(this.#folder);
            await this.#swept;
        }, signal);
    }
    /** Everything that the file lists, whoever wrote it. */
    async entries() {
        return (await this.#read()).manifests;
    }
    /**
     * Takes out what `isGone` says, and leaves the file alone if that is nothing.
     * @param before with the lock held and what is left, before anything is taken out; may refuse
     * @param after the same once the file is written
     * @returns whether something was taken out
     */
    async remove(isGone, steps, signal) {
        return this.#lock.hold(async (confirm) => {
            const index = await this.#read();
            const manifests = index.manifests.filter((entry) => !isGone(entry, nameOf(entry)));
            await steps.before(manifests);
            const changed = manifests.length < index.manifests.length;
            if (changed) {
                const { bytes } = document_encode({ ...index, manifests });
                await this.#files.write(this.#folder.indexPath, async (part) => {
                    await (0,external_node_fs_promises_namespaceObject.writeFile)(part, bytes, { flag: 'wx' });
                    await confirm();
                });
            }
            await steps.after(manifests);
            return changed;
        }, signal);
    }
    async #read() {
        const path = this.#folder.indexPath;
        const bytes = await unlessAbsent((0,external_node_fs_promises_namespaceObject.readFile)(path)).catch((cause) => {
            throw new errors/* UserError */.yo(`Cannot read ${path}`, { cause });
        });
        // A writer that was killed between the two files of a new layout leaves this one out.
        if (bytes === undefined)
            return { schemaVersion: 2, mediaType: media_types_OCI_INDEX, manifests: [] };
        const { value } = decode(bytes, media_types_OCI_INDEX, path);
        const { schemaVersion, manifests } = value;
        if (schemaVersion !== 2 || !Array.isArray(manifests) || !manifests.every(descriptor_isObject)) {
            throw new errors/* UserError */.yo(`Cannot read ${path}: it is no image index`, {
                hint: 'restore the file, or give another folder; it is not overwritten',
            });
        }
        return { ...value, mediaType: media_types_OCI_INDEX, manifests };
    }
    #positionOf(name, { manifests }) {
        const found = [...manifests.entries()].filter(([, entry]) => nameOf(entry) === name);
        if (found.length > 1) {
            throw new errors/* UserError */.yo(`Cannot tell what "${name}" is: ${this.#folder.indexPath} has ${found.length} of them`, {
                hint: `remove the entries that are not wanted from ${this.#folder.indexPath}`,
            });
        }
        const [only] = found;
        return only && { position: only[0], entry: only[1] };
    }
}
function nameOf(entry) {
    return annotationsOf(entry)[REF_NAME];
}
function retargeted(entry, name, { mediaType, digest, size, artifactType }) {
    const kept = Object.fromEntries(Object.entries(entry).filter(([member]) => !OF_CONTENT.includes(member)));
    const annotations = { ...annotationsOf(entry), [REF_NAME]: name };
    return { ...kept, mediaType, digest, size, ...(artifactType === undefined ? {} : { artifactType }), annotations };
}

;// CONCATENATED MODULE: ./lib/oci/layout/lock.js




/** In milliseconds. A holder shows a sign of life every BEAT, and is given up after SILENCE without one. */
const BEAT = 10_000;
const lock_SILENCE = 30_000;
const lock_PATIENCE = 60_000;
/** The lock was taken from its holder, who had been silent for too long. */
class LockLostError extends Error {
    name = 'LockLostError';
}
/**
 * A lock file with its holder and heartbeat in it. Writers of this process wait in line, other processes by looking
 * again. A lock is broken when its holder has been silent for 30 s: by the heartbeat's own time on the same machine,
 * else by watching it that long, because clocks of two machines differ.
 */
class LockFile {
    #path;
    #parts;
    #line = Promise.resolve();
    constructor(path, parts) {
        this.#path = path;
        this.#parts = parts;
    }
    /**
     * Runs `work` while holding the lock. `work` calls `confirm` right before it makes its change visible; if the lock
     * was lost by then, it starts again from the beginning.
     * @throws UserError if another process goes on holding the lock for a minute
     */
    async hold(work, signal) {
        const turn = this.#line.then(() => this.#holdInTurn(work, signal));
        this.#line = turn.catch(() => { });
        return turn;
    }
    async #holdInTurn(work, signal) {
        const deadline = this.#parts.clock.now() + lock_PATIENCE;
        for (;;) {
            const held = await this.#acquire(deadline, signal);
            try {
                return await work(() => this.#confirm(held.owner));
            }
            catch (error) {
                if (!(error instanceof LockLostError))
                    throw error;
            }
            finally {
                await this.#release(held);
            }
        }
    }
    async #acquire(deadline, signal) {
        const { clock, random } = this.#parts;
        let watched;
        for (;;) {
            signal?.throwIfAborted();
            const held = await this.#tryAcquire();
            if (held)
                return held;
            const text = await unlessAbsent((0,external_node_fs_promises_namespaceObject.readFile)(this.#path, 'utf8'));
            if (text !== undefined) {
                if (text !== watched?.text)
                    watched = { text, since: clock.now() };
                if (this.#isSilent(text, watched.since))
                    await this.#break(text);
            }
            // Without a text, too: what cannot be made and is not there may stay so, as a link to nothing does.
            if (clock.now() > deadline)
                throw this.#busy(text ?? '');
            await clock.sleep(25 + 50 * random(), signal);
        }
    }
    async #tryAcquire() {
        const owner = this.#parts.files.nameBeside('');
        let handle;
        try {
            handle = await (0,external_node_fs_promises_namespaceObject.open)(this.#path, 'wx');
        }
        catch (error) {
            // EPERM and EBUSY: Windows, while a lock that was just removed is still open somewhere.
            if (['EEXIST', 'EPERM', 'EBUSY'].some((code) => isSystemError(error, code)))
                return undefined;
            throw isSystemError(error) ? cannotWrite(this.#path, error) : error;
        }
        const stop = new AbortController();
        try {
            await this.#sign(handle, owner);
        }
        catch (error) {
            await handle.close();
            await (0,external_node_fs_promises_namespaceObject.rm)(this.#path, { force: true });
            throw isSystemError(error) ? cannotWrite(this.#path, error) : error;
        }
        return { owner, handle, stop, beating: this.#beat(handle, owner, stop.signal) };
    }
    /** Through the open handle: should the lock be broken, this writes into a file that nobody finds any more. */
    async #sign(handle, owner) {
        const { clock, identity } = this.#parts;
        const beat = String(clock.now()).padStart(16, '0');
        await handle.write(JSON.stringify({ pid: identity.pid, host: identity.host, owner, beat }), 0);
    }
    async #beat(handle, owner, signal) {
        while (!signal.aborted) {
            try {
                await this.#parts.clock.sleep(BEAT, signal);
                if (!signal.aborted)
                    await this.#sign(handle, owner);
            }
            catch {
                // The work is done, or the beat is missed; a lock lost for that is noticed by `confirm`.
            }
        }
    }
    async #confirm(owner) {
        const text = await unlessAbsent((0,external_node_fs_promises_namespaceObject.readFile)(this.#path, 'utf8'));
        if (text === undefined || holderIn(text).owner !== owner)
            throw new LockLostError();
    }
    async #release({ owner, handle, stop, beating }) {
        stop.abort();
        await beating;
        await handle.close();
        const text = await unlessAbsent((0,external_node_fs_promises_namespaceObject.readFile)(this.#path, 'utf8'));
        if (text !== undefined && holderIn(text).owner === owner)
            await (0,external_node_fs_promises_namespaceObject.rm)(this.#path, { force: true });
    }
    #isSilent(text, since) {
        const now = this.#parts.clock.now();
        const { host, beat } = holderIn(text);
        return now - since > lock_SILENCE || (host === this.#parts.identity.host && now - (beat ?? now) > lock_SILENCE);
    }
    /** Moves the lock aside and looks at what was moved: another waiter may have broken it first and hold it by now. */
    async #break(text) {
        const aside = this.#parts.files.nameBeside(this.#path);
        try {
            await (0,external_node_fs_promises_namespaceObject.rename)(this.#path, aside);
            const moved = await (0,external_node_fs_promises_namespaceObject.readFile)(aside, 'utf8');
            if (moved !== text)
                await (0,external_node_fs_promises_namespaceObject.link)(aside, this.#path);
        }
        catch {
            // Another waiter was faster, or the next one holds it already; then the one it was taken from starts again.
        }
        finally {
            await (0,external_node_fs_promises_namespaceObject.rm)(aside, { force: true });
        }
    }
    #busy(text) {
        const { pid, host } = holderIn(text);
        const who = pid === undefined ? 'another process' : `process ${pid} on ${host}`;
        return new errors/* UserError */.yo(`Cannot lock ${this.#path}: ${who} keeps holding it`, {
            hint: `wait for the other job that writes into this folder; if there is none, delete ${this.#path}`,
        });
    }
}
/** What a lock file says; nothing of it, if its holder was killed while writing it. */
function holderIn(text) {
    let value;
    try {
        value = JSON.parse(text);
    }
    catch {
        return {};
    }
    if (!descriptor_isObject(value))
        return {};
    return {
        ...(typeof value.pid === 'number' ? { pid: value.pid } : {}),
        ...(typeof value.host === 'string' ? { host: value.host } : {}),
        ...(typeof value.owner === 'string' ? { owner: value.owner } : {}),
        ...(typeof value.beat === 'string' ? { beat: Number(value.beat) } : {}),
    };
}

;// CONCATENATED MODULE: ./lib/oci/layout/layout-store.js



















/**
 * An OCI image layout in a folder. Its repositories share one set of blobs; a tag is an entry of `index.json` named
 * `repository:tag`, as skopeo and oras read it.
 * @see https://github.com/opencontainers/image-spec/blob/v1.1.1/image-layout.md
 */
class LayoutStore {
    label;
    #parts;
    constructor({ folder: path, clock, random, identity, bareTags = false }) {
        const files = new AtomicFiles(identity.pid, random);
        const folder = new LayoutFolder(path, files);
        const lock = new LockFile(`${folder.indexPath}.lock`, { clock, random, identity, files });
        this.label = path;
        const index = new IndexFile(folder, lock, files);
        this.#parts = { folder, files, index, bareTags, manifests: new LayoutManifests(folder, index) };
    }
    repository(name) {
        return new LayoutRepository(name, this.#parts);
    }
    async repositories() {
        const { folder, index } = this.#parts;
        if (!(await folder.exists()))
            return [];
        // A tag holds no colon, a name may hold one in the port of its host.
        const named = (await index.names()).filter((name) => isTag(name.slice(name.lastIndexOf(':') + 1)));
        const names = named.map((name) => name.slice(0, name.lastIndexOf(':')));
        return [...new Set(names)].filter((name) => isRepositoryName(name)).sort(byText);
    }
}
class LayoutRepository {
    name;
    #folder;
    #files;
    #index;
    #bareTags;
    #manifests;
    constructor(name, { folder, files, index, bareTags, manifests }) {
        this.name = name;
        this.#folder = folder;
        this.#files = files;
        this.#index = index;
        this.#bareTags = bareTags;
        this.#manifests = manifests;
    }
    async putBlob(blob, bytes, options = {}) {
        const { signal, onProgress, inTurn = atOnce } = options;
        signal?.throwIfAborted();
        await this.#folder.prepare();
        if ((await this.#sizeOf(blob.digest)) === blob.size)
            return 'present';
        const path = this.#pathOf(blob.digest);
        const write = async (part) => {
            const file = await (0,external_node_fs_promises_namespaceObject.open)(part, 'wx');
            try {
                const steps = [streamOf(bytes), verifying(blob, { onProgress })];
                await (0,external_node_stream_promises_namespaceObject.pipeline)(...steps, file.createWriteStream(), signal ? { signal: anySignal(signal, undefined) } : {});
            }
            catch (error) {
                throw reasonOf(error, signal);
            }
            finally {
                await file.close();
            }
        };
        await inTurn(() => this.#files.write(path, write));
        return 'sent';
    }
    async hasBlob(blob, options = {}) {
        options.signal?.throwIfAborted();
        return (await this.#folder.exists()) && (await this.#sizeOf(blob.digest)) === blob.size;
    }
    async openBlob(blob, options = {}) {
        options.signal?.throwIfAborted();
        const file = (await this.#folder.exists()) && (await unlessAbsent((0,external_node_fs_promises_namespaceObject.open)(this.#pathOf(blob.digest))));
        if (!file)
            throw new errors/* UserError */.yo(`Cannot open blob ${blob.digest}: ${this.#folder.path} does not hold it`);
        return verified(file.createReadStream(), blob, options);
    }
    async openBlobRange(blob, range, options = {}) {
        options.signal?.throwIfAborted();
        const { first, last } = range;
        const step = `Cannot read bytes ${first} to ${last} of ${blob.digest}`;
        const file = (await this.#folder.exists()) && (await unlessAbsent((0,external_node_fs_promises_namespaceObject.open)(this.#pathOf(blob.digest))));
        if (!file)
            throw new errors/* UserError */.yo(`${step}: ${this.#folder.path} does not hold it`);
        const { size } = await file.stat();
        if (size !== blob.size) {
            await file.close();
            throw new errors/* UserError */.yo(`${step}: found ${size} bytes in place of ${blob.size}`);
        }
        const place = { skip: 0, length: last - first + 1 };
        return partOf(file.createReadStream({ start: first, end: last }), place, blob.digest, options);
    }
    async resolveTag(tag, options = {}) {
        options.signal?.throwIfAborted();
        if (!(await this.#folder.exists()))
            return undefined;
        return (await this.#find(tag))?.digest;
    }
    async getManifest(reference, options = {}) {
        options.signal?.throwIfAborted();
        if (!(await this.#folder.exists()))
            return undefined;
        if (isDigest(reference))
            return this.#documentAt(reference);
        const entry = await this.#find(reference);
        if (!entry)
            return undefined;
        const bytes = await this.#bytesAt(entry.digest);
        if (bytes)
            return decode(bytes, entry.mediaType, this.#pathOf(entry.digest));
        throw new errors/* UserError */.yo(`Cannot read ${this.#nameOf(reference)}: ${this.#pathOf(entry.digest)} is missing`, {
            hint: 'restore the file, or give another folder',
        });
    }
    async hasManifest(digest, options = {}) {
        return (await this.getManifest(digest, options)) !== undefined;
    }
    async putManifest(document, options = {}) {
        options.signal?.throwIfAborted();
        const { blobs, manifests } = referencesOf(document);
        await this.#folder.prepare();
        const missing = [];
        for (const digest of [...blobs, ...manifests]) {
            if ((await this.#sizeOf(digest)) === undefined)
                missing.push(digest);
        }
        if (missing.length > 0)
            throw missingReferences(document, missing, this.#folder.path);
        const path = this.#pathOf(document.descriptor.digest);
        if ((await unlessAbsent((0,external_node_fs_promises_namespaceObject.readFile)(path)))?.equals(document.bytes))
            return;
        await this.#files.write(path, (part) => (0,external_node_fs_promises_namespaceObject.writeFile)(part, document.bytes, { flag: 'wx' }));
    }
    async putTag(tag, document, options = {}) {
        await this.putManifest(document, options);
        const { artifactType } = document.value;
        const content = typeof artifactType === 'string' ? { ...document.descriptor, artifactType } : document.descriptor;
        try {
            await this.#index.point(this.#nameOf(tag), content, options.signal);
        }
        catch (error) {
            throw options.signal?.aborted ? error : refused(error);
        }
    }
    async deleteManifest(digest, options = {}) {
        options.signal?.throwIfAborted();
        if (!(await this.#folder.exists()))
            return 'absent';
        return this.#manifests.delete(digest, (name) => name.startsWith(`${this.name}:`), options.signal);
    }
    /** Of the whole folder: its repositories share them. */
    async orphans(options = {}) {
        options.signal?.throwIfAborted();
        return (await this.#folder.exists()) ? this.#manifests.orphans() : [];
    }
    async tags(options = {}) {
        options.signal?.throwIfAborted();
        if (!(await this.#folder.exists()))
            return [];
        const prefix = `${this.name}:`;
        const names = await this.#index.names();
        if (this.#bareTags && areBare(names))
            return names;
        const mine = names.filter((name) => name.startsWith(prefix));
        return mine.map((name) => name.slice(prefix.length)).filter((tag) => isTag(tag));
    }
    async #find(tag) {
        const bare = this.#bareTags && areBare(await this.#index.names());
        return this.#index.find(bare ? tag : this.#nameOf(tag));
    }
    #nameOf(tag) {
        return `${this.name}:${tag}`;
    }
    #pathOf(digest) {
        return this.#folder.blobPath(digest);
    }
    async #sizeOf(digest) {
        return (await unlessAbsent((0,external_node_fs_promises_namespaceObject.stat)(this.#folder.blobPath(digest))))?.size;
    }
    /** A blob that is a manifest or index, by what it says of itself: the layout keeps both in one place. */
    async #documentAt(digest) {
        const size = await this.#sizeOf(digest);
        if (size === undefined || size > LARGEST_DOCUMENT)
            return undefined;
        const bytes = await this.#bytesAt(digest);
        const mediaType = bytes && manifestTypeOf(bytes);
        return bytes && mediaType ? decode(bytes, mediaType, this.#pathOf(digest)) : undefined;
    }
    async #bytesAt(digest) {
        const path = this.#pathOf(digest);
        const bytes = await unlessAbsent((0,external_node_fs_promises_namespaceObject.readFile)(path));
        if (!bytes || digestOf(bytes) === digest)
            return bytes;
        throw new errors/* UserError */.yo(`Cannot read ${path}: its bytes have digest ${digestOf(bytes)}`, {
            hint: 'delete the file and publish again, or give another folder',
        });
    }
}
/** A folder of one repository, as oras and regctl write it: its names are the tags. */
function areBare(names) {
    return names.length > 0 && names.every((name) => isTag(name));
}
/** An error of ours comes before `index.json` is replaced, and after all the patience that the folder deserves. */
function refused(error) {
    if (!(error instanceof errors/* UserError */.yo))
        return error;
    const { message, hint } = error;
    return new WriteRefusedError(message, { cause: error, hint, temporary: false, mayHaveApplied: false });
}

;// CONCATENATED MODULE: ./lib/oci/registry/login/auth-files.js

/**
 * The files to look into, in this order: those that a variable names, then the usual ones of a tool whose variable is not
 * set; Docker's before podman's.
 * @see https://docs.docker.com/reference/cli/docker/#change-the-docker-directory
 * @see https://github.com/containers/image/blob/main/docs/containers-auth.json.5.md
 */
function authFiles({ env, home, podmanFolder }) {
    const docker = (folder) => ({ path: (0,external_node_path_.join)(folder, 'config.json'), tool: 'docker' });
    const podman = (folder) => ({ path: (0,external_node_path_.join)(folder, 'auth.json'), tool: 'podman' });
    const { DOCKER_CONFIG, REGISTRY_AUTH_FILE, XDG_RUNTIME_DIR, XDG_CONFIG_HOME } = env;
    const settings = XDG_CONFIG_HOME || (home === undefined ? undefined : (0,external_node_path_.join)(home, '.config'));
    const runtime = XDG_RUNTIME_DIR ? (0,external_node_path_.join)(XDG_RUNTIME_DIR, 'containers') : podmanFolder;
    return [
        ...(DOCKER_CONFIG ? [docker(DOCKER_CONFIG)] : []),
        ...(REGISTRY_AUTH_FILE
            ? [{ path: REGISTRY_AUTH_FILE, tool: 'podman', variable: 'REGISTRY_AUTH_FILE' }]
            : []),
        ...(DOCKER_CONFIG || home === undefined ? [] : [docker((0,external_node_path_.join)(home, '.docker'))]),
        ...(REGISTRY_AUTH_FILE || runtime === undefined ? [] : [podman(runtime)]),
        ...(REGISTRY_AUTH_FILE || settings === undefined ? [] : [podman((0,external_node_path_.join)(settings, 'containers'))]),
    ];
}
/** How a file is called when talking to the user. */
function auth_files_nameOf({ tool, path }) {
    return tool === 'docker' ? `the Docker config file ${path}` : `podman's auth file ${path}`;
}

;// CONCATENATED MODULE: ./lib/oci/registry/login/auth-file-content.js






/** A file of credentials, or the helper that it names, is of no use. */
class UnusableAuthFileError extends errors/* UserError */.yo {
    name = 'UnusableAuthFileError';
    /** The message, which may be about a helper, with the file in it. */
    told;
    /** The tool that writes the file passes this over itself. */
    harmless;
    constructor(message, options) {
        super(message, options);
        this.told = options.told ?? message;
        this.harmless = options.harmless ?? false;
    }
}
const CODES = {
    EISDIR: 'it is a folder',
    EACCES: 'this user may not read it',
    EPERM: 'this user may not read it',
};
/**
 * The object in a file of credentials; `undefined` if there is no file.
 * @param host for the hint: where to log in again
 * @throws UnusableAuthFileError naming the file. Nothing of its text is shown, it holds secrets
 */
async function contentOf(file, host) {
    let text;
    try {
        text = await (0,external_node_fs_promises_namespaceObject.readFile)(file.path, 'utf8');
    }
    catch (cause) {
        const code = codeOf(cause) ?? '';
        if (code === 'ENOENT' || code === 'ENOTDIR')
            return undefined;
        const login = loginTo(host, file);
        const hint = code === 'EISDIR' ? `remove the folder ${file.path}, then run "${login}" again` : again(host, file);
        throw new UnusableAuthFileError(`Cannot read ${auth_files_nameOf(file)}: ${CODES[code] ?? (0,errors/* explain */.WE)(cause)}`, { cause, hint });
    }
    // Docker takes a file without content for one without entries; podman does not.
    if (text.trim() === '')
        throw auth_file_content_malformed(file, host, 'it is empty', file.tool === 'docker');
    if (text.startsWith('\uFEFF'))
        throw auth_file_content_malformed(file, host, 'it begins with a byte-order mark, so it is not JSON');
    let value;
    try {
        value = JSON.parse(text);
    }
    catch {
        // The parser's own message quotes the text.
        throw auth_file_content_malformed(file, host, 'it is not JSON');
    }
    if (!descriptor_isObject(value))
        throw auth_file_content_malformed(file, host, 'it is not a JSON object');
    return value;
}
/** @param state what is wrong with the file, without a secret */
function auth_file_content_malformed(file, host, state, harmless = false) {
    return new UnusableAuthFileError(`Cannot read ${auth_files_nameOf(file)}: ${state}`, { hint: again(host, file), harmless });
}
function again(host, file) {
    return `run "${loginTo(host, file)}" again, or give user name and password directly`;
}
function loginTo(host, { tool }) {
    return tool === 'docker' ? loginCommand(host) : `podman login ${host}`;
}

;// CONCATENATED MODULE: ./lib/oci/registry/login/credential-helper.js



/** No shell is used, yet the name becomes part of a program's. */
const credential_helper_NAME = /^[A-Za-z0-9_.-]+$/;
function isHelperName(name) {
    return credential_helper_NAME.test(name);
}
/**
 * The answer to `get`; `undefined` if the helper holds nothing for this registry.
 * @see https://github.com/docker/docker-credential-helpers#development
 * @throws UserError if it failed for another reason. What it printed is shown only then: it holds no secret.
 */
function loginIn(answer, helper) {
    if (answer.code !== 0) {
        if (/not found/i.test(answer.stdout))
            return undefined;
        const words = (0,printable/* printable */.g)(answer.stdout.trim(), 200);
        throw failed(helper, `it ended with code ${answer.code}${words && `: ${words}`}`);
    }
    let value;
    try {
        value = JSON.parse(answer.stdout);
    }
    catch {
        // The text itself, which the parser's error would quote, may be a secret.
        throw failed(helper, 'what it printed is not JSON');
    }
    if (!descriptor_isObject(value) || typeof value.Username !== 'string' || typeof value.Secret !== 'string') {
        throw failed(helper, 'its answer has no "Username" and "Secret"');
    }
    return value.Username && value.Secret ? { username: value.Username, secret: value.Secret } : undefined;
}
function failed(helper, state) {
    return new errors/* UserError */.yo(`Cannot get credentials from docker-credential-${helper}: ${state}`, {
        hint: `try "docker-credential-${helper} get" in a terminal, or give user name and password directly`,
    });
}

;// CONCATENATED MODULE: ./lib/oci/registry/login/docker-config.js






/**
 * What a file keeps for exactly this registry: in `auths`, where an entry with the longest path counts most, else with a
 * credential helper, which knows hosts only. Nothing if the helper is not installed, which the log then says.
 * @see https://docs.docker.com/reference/cli/docker/login/#configure-the-credential-store
 * @throws UnusableAuthFileError naming the file, if it is malformed, or the helper, if it fails
 */
async function credentialsIn(file, place, ports) {
    const config = await contentOf(file, place.host);
    if (!config) {
        if (file.variable)
            ports.log.info(`${auth_files_nameOf(file)}, which ${file.variable} names, is not there: going on without it`);
        return { credentials: undefined, narrower: [] };
    }
    const { host, within } = place;
    const paths = pathEntries(config, host);
    const found = [
        ...paths.filter(([path]) => isWithin(within, path)).map(([, key, entry]) => [key, entry]),
        ...entriesFor(config, 'auths', place, file),
    ];
    const narrower = paths
        .filter(([path]) => path !== within && isWithin(path, within))
        .flatMap(([path, key, entry]) => {
        const credentials = storedIn([key, entry], place, file, ports.masker);
        return credentials ? [{ path, credentials }] : [];
    });
    for (const entry of found) {
        const credentials = storedIn(entry, place, file, ports.masker);
        if (credentials)
            return { credentials, narrower };
    }
    return { credentials: await helped(config, place, file, ports), narrower };
}
/** Credentials in the file itself. An empty entry only says that a helper has them. */
function storedIn([key, entry], { host }, file, masker) {
    if (!descriptor_isObject(entry))
        throw auth_file_content_malformed(file, host, `"auths" has something other than an object for "${key}"`);
    const source = auth_files_nameOf(file);
    const { identitytoken, auth, username, password } = entry;
    for (const secret of [identitytoken, auth, password]) {
        if (typeof secret === 'string' && secret !== '')
            masker.mask(secret);
    }
    if (typeof identitytoken === 'string' && identitytoken) {
        return { kind: 'identity-token', token: identitytoken, source };
    }
    const login = typeof auth === 'string' && auth ? decoded(auth) : { username: textOf(username), secret: textOf(password) };
    if (!login)
        throw auth_file_content_malformed(file, host, `"auth" of "${key}" is not the base64 form of USER:PASSWORD`);
    return login.username && login.secret ? credentialsOf(login, source, masker) : undefined;
}
async function helped(config, place, file, { runHelper, log, masker }) {
    const { host } = place;
    const [own] = entriesFor(config, 'credHelpers', place, file);
    const name = own ? own[1] : config.credsStore;
    if (name === undefined || name === '')
        return undefined;
    if (typeof name !== 'string' || !isHelperName(name)) {
        const what = typeof name === 'string' ? `"${name}"` : 'something other than text';
        throw auth_file_content_malformed(file, host, `${what} is no name of a credential helper`);
    }
    const login = await answerOf(name, host, file, runHelper);
    if (!login) {
        const state = login === undefined ? `, which ${file.path} names, is not installed` : ` holds nothing for ${host}`;
        log.info(`docker-credential-${name}${state}: going on without it`);
        return undefined;
    }
    return credentialsOf(login, `docker-credential-${name}`, masker);
}
/** @returns `undefined` if there is no such helper, `null` if it holds nothing */
async function answerOf(helper, host, file, runHelper) {
    try {
        const answer = await runHelper(helper, helperKeyOf(host));
        return answer && (loginIn(answer, helper) ?? null);
    }
    catch (error) {
        if (!(error instanceof errors/* UserError */.yo))
            throw error;
        const told = `${error.message} (${auth_files_nameOf(file)} names it)`;
        throw new UnusableAuthFileError(error.message, { cause: error.cause, hint: error.hint, told });
    }
}
/** The entries of a member that are for all of this registry: the one under its very name first. */
function entriesFor(config, member, { host }, file) {
    const entries = config[member];
    if (entries === undefined || entries === null)
        return [];
    if (!descriptor_isObject(entries))
        throw auth_file_content_malformed(file, host, `"${member}" is not an object`);
    const found = Object.entries(entries).filter(([key]) => isKeyOf(key, host));
    return found.sort(([a], [b]) => Number(b === host) - Number(a === host));
}
/** The entries for parts of this registry, the longest path first. */
function pathEntries({ auths }, host) {
    const found = Object.entries(descriptor_isObject(auths) ? auths : {}).flatMap(([key, entry]) => {
        const path = pathOfKey(key, host);
        return path === undefined ? [] : [[path, key, entry]];
    });
    return found.sort(([a], [b]) => b.length - a.length);
}
function textOf(value) {
    return typeof value === 'string' ? value : '';
}
/** @see https://github.com/docker/cli/blob/v27.0.0/cli/config/configfile/file.go, which cuts NULs from the end as well */
function decoded(auth) {
    const text = /^[A-Za-z0-9+/]+={0,2}$/.test(auth) ? Buffer.from(auth, 'base64').toString('utf8') : '';
    const colon = text.indexOf(':');
    if (colon < 1)
        return undefined;
    return { username: text.slice(0, colon), secret: text.slice(colon + 1).replace(/\0+$/, '') };
}
function credentialsOf({ username, secret }, source, masker) {
    masker.mask(secret);
    if (username === '<token>')
        return { kind: 'identity-token', token: secret, source };
    return { kind: 'basic', username, password: secret, source };
}

;// CONCATENATED MODULE: ./lib/oci/registry/login/kept-credentials.js



/**
 * What login commands keep for a place on this machine: in the first file that has an entry for all of it. Files before
 * that one may have entries for parts of it.
 */
async function keptCredentials(place, { folders, ...ports }) {
    if (folders.home === undefined && !folders.env.DOCKER_CONFIG) {
        ports.log.info('No Docker config file is read: this user has no home folder, and DOCKER_CONFIG names none');
    }
    const narrower = [];
    const unusable = [];
    for (const file of authFiles(folders)) {
        try {
            const kept = await credentialsIn(file, place, ports);
            narrower.push(...kept.narrower);
            if (kept.credentials)
                return { credentials: kept.credentials, narrower, unusable };
        }
        catch (error) {
            if (!(error instanceof UnusableAuthFileError))
                throw error;
            unusable.push(error);
        }
    }
    return { credentials: undefined, narrower, unusable };
}

;// CONCATENATED MODULE: ./lib/oci/registry/content-digest.js


/**
 * Compares the digest that the registry gives to content with ours. The header may be missing, and digests of other
 * algorithms tell us nothing.
 * @see https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#pulling-manifests
 * @throws UserError if they differ
 */
function checkContentDigest(headers, ours, step) {
    const theirs = headers['docker-content-digest'];
    if (!isDigest(theirs) || theirs === ours)
        return;
    throw new errors/* UserError */.yo(`Cannot ${step}: the registry gives it the digest ${theirs}, we expect ${ours}`, {
        hint: 'something between here and the registry changes what passes through: a proxy, or the registry itself',
    });
}

// EXTERNAL MODULE: external "node:net"
var external_node_net_ = __nccwpck_require__(7030);
;// CONCATENATED MODULE: ./lib/oci/registry/origins/addresses.js

/** Where a machine speaks to itself. */
const addresses_LOOPBACK = [
    ['127.0.0.0', 8],
    ['::1', 128],
];
/**
 * Where machines of one wire find each other, and cloud machines their own credentials: link-local addresses, and those of
 * metadata services that lie elsewhere (Alibaba, Azure, Oracle; Amazon and Google over IPv6).
 */
const LINK_LOCAL = [
    ['169.254.0.0', 16],
    ['100.100.100.200', 32],
    ['168.63.129.16', 32],
    ['192.0.0.192', 32],
    ['fe80::', 10],
    ['fd00:ec2::254', 128],
    ['fd20:ce::254', 128],
];
const PRIVATE = [
    ['0.0.0.0', 8],
    ['10.0.0.0', 8],
    ['100.64.0.0', 10],
    ['172.16.0.0', 12],
    ['192.168.0.0', 16],
    ['::', 128],
    ['fc00::', 7],
    ['fec0::', 10],
    // The prefix of gateways to IPv4 that serve one network only (RFC 8215).
    ['64:ff9b:1::', 48],
];
/** Prefixes of 96 bits behind which IPv6 carries an address of IPv4: mapped, compatible, translated, and of gateways. */
const CARRIERS = ['::ffff:', '::', '::ffff:0:', '64:ff9b::', '64:ff9b:1::'];
const lists = new Map();
/** Whether an IP address is this machine's own, in whichever notation. */
function isLoopbackAddress(address) {
    return isIn(addresses_LOOPBACK, address);
}
/** Whether an IP address is link-local or a metadata service's, also where IPv6 carries it. */
function isLinkLocalAddress(address) {
    return isIn(LINK_LOCAL, address);
}
/** Whether an IP address is of this machine or its private network, link-local ones included. */
function isLocalAddress(address) {
    return [addresses_LOOPBACK, LINK_LOCAL, PRIVATE].some((nets) => isIn(nets, address));
}
function isIn(nets, address) {
    const family = (0,external_node_net_.isIP)(address);
    return family !== 0 && listOf(nets).check(address, family === 6 ? 'ipv6' : 'ipv4');
}
/** Made when it is first asked for: most runs are never sent elsewhere. */
function listOf(nets) {
    const made = lists.get(nets);
    if (made)
        return made;
    const list = new external_node_net_.BlockList();
    for (const [address, bits] of nets) {
        list.addSubnet(address, bits, (0,external_node_net_.isIP)(address) === 6 ? 'ipv6' : 'ipv4');
        if ((0,external_node_net_.isIP)(address) === 4)
            for (const [carrier, length] of carriersOf(address, bits))
                list.addSubnet(carrier, length, 'ipv6');
    }
    lists.set(nets, list);
    return list;
}
function carriersOf(address, bits) {
    const [high, low] = halvesOf(address);
    return [
        ...CARRIERS.map((prefix) => [`${prefix}${address}`, 96 + bits]),
        // 6to4 (RFC 3056), and the form of RFC 6052 for the prefix of RFC 8215.
        [`2002:${high}:${low}::`, 16 + bits],
        ...(bits <= 16 ? [[`64:ff9b:1:${high}::`, 48 + bits]] : []),
    ];
}
/** `169.254.0.0` as two groups of IPv6: `a9fe`, `0`. */
function halvesOf(address) {
    const [a = 0, b = 0, c = 0, d = 0] = address.split('.').map(Number);
    return [(a * 256 + b).toString(16), (c * 256 + d).toString(16)];
}

;// CONCATENATED MODULE: ./lib/oci/registry/origins/public-address.js

/** How a registry behind a proxy is told its public address, or left to do without. */
const CURE = 'make that proxy pass on host and scheme (nginx: proxy_set_header Host $http_host; proxy_set_header X-Forwarded-Proto $scheme;), or set http.relativeurls: true or http.host for distribution, external_url for Harbor';
/**
 * Why an address that a registry sends us to may be wrong: behind a proxy that does not tell it, a registry knows neither
 * the port nor the scheme nor the host that it is asked under, and writes others.
 * @param from the registry, or whoever else sends us
 * @returns what to do about it; `undefined` if the other host may well be meant
 */
function strayHint(from, to) {
    const lost = lostIn(from, to);
    return lost === undefined
        ? undefined
        : `${from.origin} names ${to.origin} as its own address: a proxy in front of it probably hides the ${lost} from it; ${CURE}`;
}
function lostIn(from, to) {
    const api = to.pathname.startsWith('/v2/');
    if (from.hostname !== to.hostname)
        return api && isInternal(to.hostname) ? 'host name' : undefined;
    const parts = [from.protocol === to.protocol ? '' : 'scheme', from.port === to.port ? '' : 'port'].filter(Boolean);
    // Another port that is written out may be another server on the same machine.
    const meant = !api && to.port !== '' && from.protocol === to.protocol;
    return meant || parts.length === 0 ? undefined : parts.join(' and the ');
}
/** Names that mean something inside one network or cluster only. */
function isInternal(hostname) {
    const host = hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '');
    if ((0,external_node_net_.isIP)(host) !== 0)
        return true;
    return !host.includes('.') || /\.(?:local|internal|intranet|lan|svc|localdomain|localhost|corp|home)$/.test(host);
}

;// CONCATENATED MODULE: ./lib/oci/registry/origins/origin.js



/** Scheme, host and port: what a credential belongs to. */
function sameOrigin(one, other) {
    return one.protocol === other.protocol && one.host === other.host;
}
/**
 * What an address that came from outside means, relative to where it came from; no user info, no fragment.
 * `undefined` if it is none.
 */
function resolveUrl(reference, base) {
    if (!URL.canParse(reference, base.href))
        return undefined;
    const url = new URL(reference, base);
    url.username = '';
    url.password = '';
    url.hash = '';
    return url;
}
/** Names under which cloud machines find their own credentials; a proxy might look them up for us. */
const METADATA_NAMES = ['metadata.google.internal', 'metadata.goog', 'instance-data.ec2.internal'];
/**
 * Whether a URL leads to this machine or its private network by its very text: loopback, private or link-local
 * addresses, or a `localhost` name. Names are not looked up.
 */
function isLocal(url) {
    return isLocalhost(hostOf(url)) || isLocalAddress(hostOf(url)) || isLinkLocal(url);
}
/** Whether a URL leads, by its very text, to a link-local address or to where cloud machines keep their credentials. */
function isLinkLocal(url) {
    return isLinkLocalAddress(hostOf(url)) || METADATA_NAMES.includes(hostOf(url));
}
/** Whether both lead to the same machine by their text: the same host, whatever the port, or both to this machine. */
function sameHost(one, other) {
    return hostOf(one) === hostOf(other) || (origin_isLoopback(one) && origin_isLoopback(other));
}
function origin_isLoopback(url) {
    return isLocalhost(hostOf(url)) || isLoopbackAddress(hostOf(url));
}
function isLocalhost(host) {
    return host === 'localhost' || host.endsWith('.localhost');
}
/** As URLs write it, which is one notation for each address; without brackets and the dot of the root. */
function hostOf(url) {
    return url.hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '');
}
/**
 * Holds an address that the registry sends us to, to what a registry may ask: TLS unless the registry itself does
 * without, no link-local address ever, and no other address inside our network unless the registry is inside too.
 * @param action for the error: `follow the redirect of …`
 * @throws UserError
 */
function checkDestination(destination, registry, action) {
    if (sameOrigin(destination, registry))
        return;
    const refuse = (what) => {
        throw new errors/* UserError */.yo(`Cannot ${action}: it leads to ${destination.origin}, ${what}`, {
            hint: strayHint(registry, destination) ?? `ask whoever runs ${registry.host} to correct its public address`,
        });
    };
    if (isLinkLocal(destination))
        refuse('a link-local address or the metadata service of a cloud');
    const { protocol } = destination;
    if (protocol !== 'https:' && !(protocol === 'http:' && registry.protocol === 'http:')) {
        refuse(`which is not reached over https`);
    }
    if (isLocal(destination) && !isLocal(registry))
        refuse('an address inside this network');
}

;// CONCATENATED MODULE: ./lib/oci/registry/location.js


/**
 * Where the bytes of an opened upload go: the registry's `Location` as it stands, relative or absolute, its query kept
 * to the letter because it may hold the state of the upload, and the digest added to it.
 * @param base the URL that was answered
 * @see https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#post-then-put
 * @throws UserError if there is no usable Location
 */
function uploadUrl(location, base, digest) {
    const failed = (what) => new errors/* UserError */.yo(`Cannot upload ${digest}: ${base.host} opened an upload ${what}`, {
        hint: `check that ${base.host} is a registry, and that no proxy in front of it takes the header Location away`,
    });
    if (!location)
        throw failed('and did not say where');
    const url = resolveUrl(location, base);
    if (!url)
        throw failed('at an address that is none');
    // Not through searchParams, which would write the rest of the query anew. A colon is legal here as it is.
    url.search = `${url.search || '?'}${url.search ? '&' : ''}digest=${digest}`;
    return url;
}

;// CONCATENATED MODULE: ./lib/oci/registry/refusal/answer-words.js


/** Nobody explains anything with more; JSON.stringify, which shows it, would run out of stack. */
const answer_words_DEEPEST = 32;
/** Members that say what is the matter, the better ones first. Compared without regard to case. */
const MESSAGES = [
    'error_description',
    'message',
    'msg',
    'title',
    'reason',
    'errormessage',
    'error_message',
    'faultstring',
];
const DETAILS = ['detail', 'details', 'description'];
/** Members around all the others. */
const WRAPPERS = ['errors', 'error', 'fault'];
/**
 * What a JSON value says. Registries answer with a list `errors`, token services with `error` and `error_description` or
 * `details`, Artifactory with errors without a code, Google's and Amazon's gateways with an object `error` or with
 * `Message`, others with problem details or with a text alone.
 *
 * A `code` is only what stands where the distribution spec and the token services have it, since codes decide what is
 * done next ("not there" is one): of all other forms it is part of the message.
 * @see https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#error-codes
 * @see https://www.rfc-editor.org/rfc/rfc9457
 */
function wordsOfJson(value) {
    if (isDeeper(value, answer_words_DEEPEST))
        return [];
    if (!descriptor_isObject(value))
        return listed(value, false);
    const errors = listed(value.errors, true);
    if (errors.length > 0)
        return errors;
    const wrapped = WRAPPERS.map((name) => value[name]).find((inner) => descriptor_isObject(inner));
    const inner = wrapped === undefined ? [] : listed([wrapped], false);
    if (inner.length > 0)
        return inner;
    return spoken(wordsOf(value, true)) ?? unknown(value);
}
/** @param coded whether codes of these are the registry's */
function listed(value, coded) {
    if (typeof value === 'string')
        return value.trim() === '' ? [] : [{ code: '', message: value, detail: '' }];
    if (!Array.isArray(value))
        return [];
    return value.flatMap((entry) => descriptor_isObject(entry) ? (spoken(wordsOf(entry, coded)) ?? unknown(entry)) : listed(entry, false));
}
function wordsOf(value, coded) {
    const members = new Map(Object.entries(value).map(([name, member]) => [name.toLowerCase(), member]));
    const first = (names) => names.map((name) => answer_words_textOf(members.get(name))).find(Boolean) ?? '';
    const code = answer_words_codeOf(members.get('code') ?? members.get('error') ?? members.get('__type'));
    const message = first(MESSAGES);
    const detail = first(DETAILS);
    if (coded)
        return message === '' && code === '' ? { code, message: detail, detail: '' } : { code, message, detail };
    return { code: '', message: [code, message].filter(Boolean).join(': ') || detail, detail: message && detail };
}
/** A number repeats the status. */
function answer_words_codeOf(value) {
    return typeof value === 'string' ? value : '';
}
function spoken(words) {
    return words.code || words.message || words.detail ? [words] : undefined;
}
/** An object of a form of its own is shown whole, if there are words in it. */
function unknown(value) {
    const worded = Object.values(value).some((member) => typeof member === 'string' && member.trim() !== '');
    return worded ? [{ code: '', message: JSON.stringify(value), detail: '' }] : [];
}
/** JSON where it is no text; nothing where it is empty. */
function answer_words_textOf(value) {
    if (value === undefined || value === null)
        return '';
    if (typeof value === 'string')
        return value;
    return typeof value === 'object' && Object.keys(value).length === 0 ? '' : JSON.stringify(value);
}

;// CONCATENATED MODULE: ./lib/oci/registry/refusal/markup.js
/** Elements of a page that are looked at: it says what it is about at its beginning. */
const markup_MOST = 6;
/** What is no text for people. */
const SILENT = new Set(['script', 'style', 'svg', 'template']);
/** Where a page says what is the matter. */
const TELLING = new Set(['title', 'h1', 'h2', 'p']);
/** The same in the XML of S3, Azure and Google storage. Their other elements repeat requests and signatures. */
const TELLING_XML = new Set(['code', 'message', 'details', 'authenticationerrordetail']);
/** How pages for browsers begin; an image index never does. */
const PAGE = /^\s*(?:<!--|<!doctype html|<(?:html|head|body|title|meta|link|script|style|div|center|main|h1|p|form|iframe|table|br)\b)/i;
/** Whether a text is a page made for browsers, and not what a registry answers. */
function isPage(text) {
    return PAGE.test(text.slice(0, 1024).replace(/^\s*<\?xml[^>]*>/, ''));
}
/** Whether an answer calls itself a page. Some registries do that where they send nothing at all. */
function isHtml(headers) {
    return /^\s*text\/html\b/i.test(headers['content-type'] ?? '');
}
/**
 * What a page says in short, as its title and its first paragraphs, or what a storage's XML gives as the reason. Not cut,
 * so that secrets can still be found in it.
 */
function wordsOfMarkup(markup) {
    const page = isPage(markup);
    const { told, rest } = elementsOf(markup, page ? TELLING : TELLING_XML);
    if (!page && told.length > 0)
        return told.map(({ text }) => text).join(': ');
    const titles = told.filter(({ name }) => name === 'title');
    const others = told.filter(({ name }) => name !== 'title');
    const parts = [...titles.slice(0, 1), ...others].map(({ text }) => text);
    // Pages repeat their title as a heading.
    const words = parts.filter((text, at) => !parts.slice(0, at).some((before) => before.includes(text)));
    return words.length > 0 ? words.join(': ') : rest;
}
/** The elements with these names that hold any text, the outermost ones, in their order; and all other text. */
function elementsOf(markup, names) {
    const told = [];
    let rest = '';
    let inside;
    let text = '';
    const finish = () => {
        const found = folded(markup_decoded(text));
        if (inside !== undefined && found !== '' && told.length < markup_MOST)
            told.push({ name: inside, text: found });
        inside = undefined;
        text = '';
    };
    for (const piece of markup_piecesOf(markup)) {
        if (piece.kind === 'text') {
            if (inside === undefined)
                rest += piece.text;
            else
                text += piece.text;
        }
        else if (inside === undefined && piece.kind === 'open' && names.has(piece.name))
            inside = piece.name;
        else if (inside === piece.name) {
            finish();
            // A paragraph ends where the next begins.
            if (piece.kind === 'open')
                inside = piece.name;
        }
        else if (inside !== undefined)
            text += ' ';
        else
            rest += ' ';
    }
    finish();
    return { told, rest: folded(markup_decoded(rest)) };
}
/** Tags and the text between them. Never looks twice for an end that is not there: each missing one ends the walk. */
function* markup_piecesOf(markup) {
    const lower = markup.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
    for (let at = 0; at < markup.length;) {
        const tag = markup.indexOf('<', at);
        yield { kind: 'text', text: markup.slice(at, tag < 0 ? undefined : tag) };
        if (tag < 0)
            return;
        const [begin, end] = bracketsAt(markup, tag);
        const close = markup.indexOf(end, tag + begin.length);
        if (close < 0)
            return;
        at = close + end.length;
        if (begin === '<![CDATA[')
            yield { kind: 'text', text: markup.slice(tag + begin.length, close) };
        if (begin !== '<')
            continue;
        const [, slash = '', name = ''] = /^<(\/?)([a-z][a-z0-9:-]{0,63})/.exec(lower.slice(tag, tag + 66)) ?? [];
        if (name === '')
            continue;
        yield { kind: slash ? 'close' : 'open', name };
        if (slash || !SILENT.has(name))
            continue;
        at = lower.indexOf(`</${name}`, at);
        if (at < 0)
            return;
    }
}
function bracketsAt(markup, at) {
    if (markup.startsWith('<!--', at))
        return ['<!--', '-->'];
    return markup.startsWith('<![CDATA[', at) ? ['<![CDATA[', ']]>'] : ['<', '>'];
}
const markup_ENTITIES = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: ' ' };
function markup_decoded(text) {
    return text.replace(/&(?:#x([0-9a-f]{1,6})|#([0-9]{1,7})|([a-z]{2,4}));/gi, (whole, hex, decimal, name) => {
        if (name !== undefined)
            return Object.hasOwn(markup_ENTITIES, name) ? (markup_ENTITIES[name] ?? whole) : whole;
        const point = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16);
        return point <= 0x10ffff ? String.fromCodePoint(point) : whole;
    });
}
function folded(text) {
    return text.replace(/\s+/g, ' ').trim();
}

;// CONCATENATED MODULE: ./lib/oci/registry/refusal/reasons.js



const LONGEST_CODE = 64;
const LONGEST_MESSAGE = 400;
/** Pages hold much that is no reason. */
const LONGEST_PAGE = 240;
/** Characters of all reasons together. */
const reasons_LONGEST = 2_000;
const reasons_MOST = 5;
/**
 * What the body of a refusal says, whoever wrote it: a registry in JSON, a storage in XML, and what stands in between
 * with text or a page of HTML.
 * @param redact takes secrets out of a text; asked before anything is cut, and again once escapes are undone
 */
function parseReasons(body, redact = (text) => text) {
    const text = redact(body.trim());
    const safe = ({ code, message, detail }, longest = LONGEST_MESSAGE) => ({
        code: (0,printable/* printable */.g)(redact(code), LONGEST_CODE),
        message: (0,printable/* printable */.g)(redact(reasons_folded(message)), longest),
        detail: (0,printable/* printable */.g)(redact(reasons_folded(detail)), LONGEST_MESSAGE),
    });
    const told = jsonIn(text);
    if (told !== undefined)
        return told.slice(0, reasons_MOST).map((words) => safe(words));
    const markup = text.startsWith('<');
    const message = markup ? wordsOfMarkup(text) : legible(text);
    return message === '' ? [] : [safe({ code: '', message, detail: '' }, markup ? LONGEST_PAGE : LONGEST_MESSAGE)];
}
/** `DENIED: permission_denied: write_package; …`, or nothing. */
function reasonText(reasons) {
    const text = reasons.map(wording).filter(Boolean).join('; ');
    return text.length > reasons_LONGEST ? `${text.slice(0, reasons_LONGEST)}…` : text;
}
/** Everything that was said, for a search for words. */
function allSaid(reasons) {
    return reasons.map(({ code, message, detail }) => `${code} ${message} ${detail}`).join(' ');
}
/** Many registries give the reason proper as the detail: the message then only puts the code into words. */
function wording({ code, message, detail }) {
    return [code, message, message.includes(detail) ? '' : detail].filter(Boolean).join(': ');
}
function jsonIn(text) {
    try {
        return wordsOfJson(JSON.parse(text));
    }
    catch {
        return undefined;
    }
}
function reasons_folded(text) {
    return text.replace(/\s+/g, ' ').trim();
}
/** Bytes that are no text say nothing to people. */
function legible(text) {
    const beginning = [...text.slice(0, LONGEST_MESSAGE)];
    const odd = beginning.filter((character) => character === '\ufffd' || (character < ' ' && !/\s/.test(character)));
    return odd.length * 10 > beginning.length ? '' : text;
}

;// CONCATENATED MODULE: ./lib/oci/registry/refusal/errors.js



/** The registry answered, but not with a status that this step of the protocol allows. */
class RegistryError extends errors/* UserError */.yo {
    name = 'RegistryError';
    step;
    method;
    url;
    status;
    reasons;
    retryAfter;
    credentialsRefused;
    page;
    constructor(refusal, options = {}) {
        const { step, method, url, status, reasons, page = false, by } = refusal;
        const said = reasonText(reasons);
        const form = `${page ? ' with a web page' : ''}${by === undefined ? '' : ` ${by}`}`;
        super(`Cannot ${step}: ${method} ${url} was answered ${status}${form}${said && ` (${said})`}`, options);
        this.step = step;
        this.method = method;
        this.url = url;
        this.status = status;
        this.reasons = reasons;
        this.retryAfter = refusal.retryAfter;
        this.credentialsRefused = refusal.credentialsRefused ?? false;
        this.page = page;
    }
    /** Whether the same request may pass later. */
    get temporary() {
        return isTemporary(this.status);
    }
    /** Whether one of the reasons given has this code. */
    says(...codes) {
        return this.reasons.some(({ code }) => codes.includes(code));
    }
}

;// CONCATENATED MODULE: ./lib/oci/registry/blob-upload.js






/** Bytes up to which a blob is sent along with the POST that opens its upload. */
const LARGEST_IN_POST = 64 * 1024;
/** Bytes up to which it costs no more to send a blob again than to ask first whether it is there. */
const LARGEST_UNASKED = 4 * 1024 * 1024;
/**
 * Puts blobs into one repository. What another repository of the registry has is mounted from there; small ones go with a single POST, others are mounted from the repository itself if
 * they are there, large ones are asked for first; else POST, then one PUT of everything. There are no chunks and there
 * is no resuming, since too many registries get these wrong: a failed upload starts again with a new POST.
 * @see https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#pushing-blobs
 */
class BlobUpload {
    #http;
    #repository;
    #habits;
    constructor(http, repository, habits) {
        this.#http = http;
        this.#repository = repository;
        this.#habits = habits;
    }
    /**
     * @param ask whether to look first, however small the blob is
     * @returns whether bytes were sent
     * @throws RegistryError, UnansweredError, or what the source of the bytes threw
     */
    async put(blob, bytes, options, ask) {
        const attempt = async (number) => {
            const lent = options.mountFrom !== undefined && this.#habits.lend && number === 1;
            if ((ask || (blob.size > LARGEST_UNASKED && !lent)) && (await this.#exists(blob, options)))
                return 'present';
            const opened = await this.#start(blob, bytes, number, options);
            if (typeof opened === 'string')
                return opened;
            const url = uploadUrl(opened.headers.location, opened.url, blob.digest);
            const answer = await this.#ask(blob, options, { method: 'PUT', url, body: bytes, accept: [200, 201, 204] });
            checkContentDigest(answer.headers, blob.digest, `upload ${blob.digest}`);
            return 'sent';
        };
        return this.#http.repeat(attempt, options.signal, isLostUpload);
    }
    /** @throws RegistryError or UnansweredError where the registry has trouble */
    async isThere(blob, options) {
        return this.#http.repeat(() => this.#exists(blob, options), options.signal);
    }
    async #exists({ digest, size }, { signal }) {
        const url = this.#http.url(`${this.#repository}/blobs/${digest}`);
        const request = { step: `look for ${digest}`, method: 'HEAD', url, repository: this.#repository, signal };
        try {
            const { status, headers } = await this.#http.ask({ ...request, accept: [200, 404], once: {} });
            if (isHtml(headers))
                return false;
            // An entry of another length is a broken one, as registries have left them after a failed upload.
            return status === 200 && Number(headers['content-length'] ?? size) === size;
        }
        catch (error) {
            // Storage behind a redirect may refuse a HEAD. The upload will tell whether there is real trouble.
            if (error instanceof RegistryError && !error.temporary)
                return false;
            throw error;
        }
    }
    /** Opens an upload, unless the blob is there already or went along. */
    async #start(blob, bytes, attempt, options) {
        const { digest, size } = blob;
        const { mountFrom } = options;
        if (mountFrom !== undefined && this.#habits.lend && attempt === 1) {
            const answer = await this.#borrow(blob, mountFrom, options);
            if (answer)
                return answer.status === 201 ? 'present' : answer;
        }
        if (this.#habits.singlePost && size <= LARGEST_IN_POST && attempt === 1) {
            const answer = await this.#optional('singlePost', () => this.#open(blob, options, { digest }, [201, 202], bytes));
            if (answer?.status === 201) {
                checkContentDigest(answer.headers, digest, `upload ${digest}`);
                return 'sent';
            }
            // The body was not wanted: the upload is open, and the bytes go there. So it will be next time.
            if (answer)
                this.#habits.singlePost = false;
            if (answer)
                return answer;
        }
        if (this.#habits.mount && size <= LARGEST_UNASKED) {
            const answer = await this.#optional('mount', () => this.#open(blob, options, { mount: digest, from: this.#repository }, [201, 202]));
            if (answer)
                return answer.status === 201 ? 'present' : answer;
        }
        return this.#open(blob, options, {}, [202]);
    }
    /** A token service may refuse the right to read the other repository; then our own requests must do without it. */
    async #borrow(blob, from, options) {
        this.#http.alsoReads(this.#repository, from, true);
        const answer = await this.#optional('lend', () => this.#open(blob, options, { mount: blob.digest, from }, [201, 202]));
        if (!answer)
            this.#http.alsoReads(this.#repository, from, false);
        return answer;
    }
    /** Something a registry need not offer. A refusal turns it off; what goes on without it tells about real trouble. */
    async #optional(habit, ask) {
        try {
            return await ask();
        }
        catch (error) {
            const refused = error instanceof RegistryError && (error.status < 500 || error.status === 501) && !isTemporary(error.status);
            if (!refused || error.says('DIGEST_INVALID', 'NAME_UNKNOWN'))
                throw error;
            // A missing right says nothing about what the registry offers.
            if (error.status !== 401 && error.status !== 403)
                this.#habits[habit] = false;
            return undefined;
        }
    }
    #open(blob, options, query, accept, body) {
        const url = this.#http.url(`${this.#repository}/blobs/uploads/`, query);
        return this.#ask(blob, options, { method: 'POST', url, accept, body });
    }
    #ask({ digest }, { signal, onProgress, inTurn = atOnce }, transfer) {
        const typed = transfer.body ? { headers: { 'content-type': 'application/octet-stream' }, blob: true } : {};
        const repository = this.#repository;
        const request = { ...transfer, ...typed, step: `upload ${digest}`, repository, signal, onProgress, once: {} };
        const ask = () => this.#http.ask(request);
        return transfer.body ? inTurn(ask) : ask();
    }
}
/** The registry forgot the upload that it had opened, or got it wrong: a new one may go through. */
function isLostUpload(error) {
    if (!(error instanceof RegistryError))
        return false;
    return (error.says('BLOB_UPLOAD_UNKNOWN', 'BLOB_UPLOAD_INVALID') ||
        (error.method === 'PUT' && error.status === 404 && !error.page));
}

;// CONCATENATED MODULE: ./lib/oci/registry/blobs.js







/** What is answered to a range by those who give none, or not this one. */
const NO_PARTS = [400, 416, 501];
/** The blobs of one repository, each put once, however many ask for it. */
class Blobs {
    #http;
    #repository;
    #upload;
    #present = new Set();
    /** Taken by the registry, and missed by it later. */
    #doubted = new Set();
    #running = new Map();
    constructor(http, repository, habits) {
        this.#http = http;
        this.#repository = repository;
        this.#upload = new BlobUpload(http, repository, habits);
    }
    async put(blob, bytes, options) {
        const { digest } = blob;
        for (let running = this.#running.get(digest); running; running = this.#running.get(digest)) {
            await this.#http.waitFor(running, options.signal);
        }
        if (this.#present.has(digest))
            return 'present';
        const putting = this.#upload.put(blob, bytes, options, this.#doubted.has(digest));
        // Others only wait for it to end: whether it failed is told to whoever asked for it.
        const ended = putting.then(() => void this.#present.add(digest), () => { });
        this.#running.set(digest, ended);
        try {
            return await putting;
        }
        finally {
            this.#running.delete(digest);
        }
    }
    /** Asks again each time: another may have deleted it. */
    async has(blob, options) {
        return this.#upload.isThere(blob, options);
    }
    /**
     * What the registry turned out to have lost is looked at again; without names, everything. To send it anew unasked
     * would be wrong as often as right: while many put the same small blob, distribution 2.8 misses it for a moment each
     * time that one of them does.
     */
    forget(digests) {
        for (const digest of digests.length === 0 ? [...this.#present] : digests) {
            this.#present.delete(digest);
            this.#doubted.add(digest);
        }
    }
    async open(blob, options) {
        const answer = await this.#http.open({
            step: `read ${blob.digest}`,
            method: 'GET',
            url: this.#http.url(`${this.#repository}/blobs/${blob.digest}`),
            repository: this.#repository,
            accept: [200],
            signal: options.signal,
        }, ({ headers }) => !isHtml(headers) || Number(headers['content-length']) === blob.size);
        return verified(answer.body, blob, options);
    }
    /**
     * Asks for `first-last` alone: suffixes and several ranges are not understood everywhere. A registry that ignores the
     * header sends everything, of which the rest is not read.
     */
    async openRange(blob, range, options) {
        const { first, last } = range;
        const step = `read bytes ${first} to ${last} of ${blob.digest}`;
        const asking = this.#http.open({
            step,
            method: 'GET',
            url: this.#http.url(`${this.#repository}/blobs/${blob.digest}`),
            headers: { range: `bytes=${first}-${last}` },
            repository: this.#repository,
            accept: [200, 206],
            signal: options.signal,
        }, ({ headers, status }) => status === 206 || !isHtml(headers) || Number(headers['content-length']) === blob.size);
        const answer = await asking.catch((error) => {
            throw error instanceof RegistryError && NO_PARTS.includes(error.status)
                ? new RangeRefusedError(error.message, { cause: error, hint: error.hint })
                : error;
        });
        try {
            const skip = answer.status === 206 ? checkedPart(answer, range, blob.size) : checkedWhole(answer, blob.size);
            return partOf(answer.body, { skip: first - skip, length: last - first + 1 }, blob.digest, options);
        }
        catch (error) {
            answer.body.destroy();
            if (!(error instanceof WrongAnswer))
                throw error;
            const message = `Cannot ${step}: ${answer.url.host} ${error.message}`;
            throw answer.status === 206 ? new RangeRefusedError(message) : new errors/* UserError */.yo(message);
        }
    }
}
/** What a registry sent is not what was asked for: the end of a sentence. */
class WrongAnswer extends Error {
}
/** @returns the place of the first byte that comes. @see https://www.rfc-editor.org/rfc/rfc9110#section-14.4 */
function checkedPart({ headers }, { first, last }, size) {
    const found = headers['content-range'] ?? '';
    const [, from, to, of] = /^bytes (\d{1,15})-(\d{1,15})\/(\d{1,15}|\*)$/.exec(found.trim()) ?? [];
    const whole = of === '*' ? size : Number(of);
    if (Number(from) === first && Number(to) === last && whole === size)
        return first;
    throw new WrongAnswer(`sent the range "${found}", expected "bytes ${first}-${last}/${size}"`);
}
function checkedWhole({ headers }, size) {
    const found = headers['content-length'];
    if (found === undefined || Number(found) === size)
        return 0;
    throw new WrongAnswer(`sent ${found} bytes in place of ${size}`);
}

;// CONCATENATED MODULE: ./lib/oci/registry/http.js

const LONGEST_BODY = 1024 * 1024;
/** Requests to the registry: signed in where that is the registry's own origin, repeated where that is safe. */
class Http {
    #parts;
    constructor(parts) {
        this.#parts = parts;
    }
    /** An address of the distribution API: `url('owner/demo/tags/list', { n: '100' })`. */
    url(path, query = {}) {
        const url = new URL(`/v2/${path}`, this.#parts.registry);
        for (const [name, value] of Object.entries(query))
            url.searchParams.set(name, value);
        return url;
    }
    /**
     * Asks, and asks again after failures that may pass, unless the request says `once`.
     * @throws RegistryError for a status that is not accepted, UnansweredError, or the signal's reason
     */
    async ask(request) {
        const read = async () => {
            const answer = await this.#accepted(request);
            const { status, headers, url } = answer;
            const body = await answer.read(request.limit ?? LONGEST_BODY);
            // A sign-in page or a proxy says 200 to everything, to a write too.
            const page = status < 300 && !request.pages
                ? await this.#parts.refusals.ofPage(this.#signedAs(request), answer, body)
                : undefined;
            if (page)
                throw page;
            return { status, headers, url, body };
        };
        return request.once ? read() : this.#repeated(request, read);
    }
    /**
     * The same with the body as a stream: repeated until it begins, not after.
     * @param fits whether the head of an answer can be that of what was asked for; what does not fit is taken for a page
     */
    async open(request, fits) {
        return this.#repeated(request, async () => {
            const answer = await this.#accepted(request);
            if (!fits(answer))
                throw await this.#parts.refusals.of(this.#signedAs(request), answer);
            return answer;
        });
    }
    /** Several questions as one step that is repeated as a whole; they themselves must be `once`. */
    async repeat(work, signal, passing) {
        return this.#parts.repeater.run(work, anySignal(this.#parts.signal, signal), passing);
    }
    /** Whether tokens for requests to `repository` are asked for the right to read `other` as well. */
    alsoReads(repository, other, does) {
        this.#parts.signed.alsoReads(repository, other, does);
    }
    /** What the body of a refusal says that was accepted as an answer. */
    reasonsIn(answer) {
        return this.#parts.refusals.reasonsIn(answer);
    }
    /** Waits for work that others wait for too. */
    async waitFor(work, signal) {
        return unlessAborted(work, anySignal(this.#parts.signal, signal));
    }
    #repeated({ signal }, work) {
        return this.repeat(work, signal);
    }
    async #accepted(request) {
        const answer = await this.#send(request);
        if (request.accept.includes(answer.status))
            return answer;
        const { refusals, signed } = this.#parts;
        const signingIn = signed.refusesCredentials(answer);
        throw await refusals.of({ ...this.#signedAs(request), signedIn: signed.signedIn, signingIn }, answer);
    }
    #signedAs(request) {
        return { ...request, credentials: this.#parts.signed.credentials };
    }
    async #send(request) {
        const { signed, signal } = this.#parts;
        const waiting = anySignal(signal, request.signal);
        const notAfter = request.once?.repeatUntil;
        return signed.send({ ...request, waiting, notAfter, signal: request.toTheEnd ? signal : waiting });
    }
}

;// CONCATENATED MODULE: ./lib/oci/registry/lists/link.js

/**
 * Where the next page is, as the `Link` header says: absolute, or `undefined` on the last page.
 * @param base the URL that was answered
 * @see https://www.rfc-editor.org/rfc/rfc8288#section-3
 */
function nextPage(header, base) {
    const text = Array.isArray(header) ? header.join(',') : `${header ?? ''}`;
    for (const [, target = '', parameters = ''] of text.matchAll(/<([^<>]*)>((?:[^<",]|"[^"]*")*)/g)) {
        const [, quoted, bare = ''] = /;\s*rel\s*=\s*(?:"([^"]*)"|([^\s;,"]+))/i.exec(parameters) ?? [];
        const relations = (quoted ?? bare).toLowerCase().split(/\s+/);
        if (relations.includes('next'))
            return resolveUrl(target, base);
    }
    return undefined;
}

;// CONCATENATED MODULE: ./lib/oci/registry/lists/listing.js




/** Pages after which a list is taken to have no end. */
const MOST_PAGES = 1000;
/** Bytes of all pages: a thousand of the largest would fill any memory. */
const listing_MOST_BYTES = 64 * 1024 * 1024;
/**
 * Reads a list page by page, as `Link` leads, on the registry's own origin only.
 * @param take takes a page in; whether it brought anything new. Gitea links from the last page to an empty one.
 * @throws UserError if the next page is elsewhere, or the list too long
 */
async function readPages(http, first, take) {
    let request = first;
    let bytes = 0;
    for (let pages = 0; pages < MOST_PAGES; pages += 1) {
        const answer = await http.ask(request);
        bytes += answer.body.length;
        if (bytes > listing_MOST_BYTES)
            throw new errors/* UserError */.yo(`Cannot ${first.step}: the list has more than ${listing_MOST_BYTES} bytes`);
        const next = take(answer) ? nextPage(answer.headers.link, answer.url) : undefined;
        if (!next)
            return;
        if (!sameOrigin(next, first.url)) {
            throw new errors/* UserError */.yo(`Cannot ${first.step}: ${first.url.host} continues its list at ${next.host}`, {
                hint: strayHint(first.url, next) ?? `ask whoever runs ${first.url.host} to correct its public address`,
            });
        }
        request = { ...first, url: next };
    }
    throw new errors/* UserError */.yo(`Cannot ${first.step}: the list has more than ${MOST_PAGES} pages`);
}

;// CONCATENATED MODULE: ./lib/oci/registry/lists/catalog-list.js





/** As many as a registry gives at once; one that gives fewer says where to go on. */
const catalog_list_PAGE = '1000';
/** Bytes. */
const catalog_list_LONGEST_PAGE = 16 * 1024 * 1024;
/** What a registry answers that has no such list, or gives it to its administrators alone. */
const NOT_OFFERED = [400, 401, 403, 404, 405, 501];
/**
 * Every repository of a registry, each once, in the order of the registry. The distribution specification has no such
 * list; many registries kept it from the API before that.
 * @see https://distribution.github.io/distribution/spec/api/#listing-repositories
 * @throws UserError if the registry does not offer it to us
 */
async function listCatalog(http, { signal }) {
    const step = 'list the repositories';
    const url = http.url('_catalog', { n: catalog_list_PAGE });
    const names = new Set();
    const request = {
        step,
        method: 'GET',
        url,
        repository: NO_REPOSITORY,
        accept: [200],
        limit: catalog_list_LONGEST_PAGE,
        signal,
    };
    try {
        await readPages(http, request, (page) => {
            const before = names.size;
            for (const name of namesOf(page, step))
                names.add(name);
            return names.size > before;
        });
    }
    catch (error) {
        const refused = error instanceof RegistryError && NOT_OFFERED.includes(error.status);
        if (!refused)
            throw error;
        throw new errors/* UserError */.yo(`Cannot list the repositories of ${url.host}: it answers ${error.status} to that`, {
            cause: error,
            hint: 'many registries keep this list to themselves; name the packages instead',
        });
    }
    return [...names];
}
function namesOf({ body, url }, step) {
    let page;
    try {
        page = JSON.parse(body.toString('utf8'));
    }
    catch (cause) {
        throw new errors/* UserError */.yo(`Cannot ${step}: ${url.host} did not answer with JSON`, {
            cause,
            hint: `check that ${url.host} is a registry`,
        });
    }
    const names = descriptor_isObject(page) ? (page.repositories ?? []) : undefined;
    if (!Array.isArray(names))
        throw new errors/* UserError */.yo(`Cannot ${step}: ${url.host} answered without a list of them`);
    return names.filter((name) => typeof name === 'string' && isRepositoryName(name));
}

;// CONCATENATED MODULE: ./lib/oci/registry/lists/referrers.js




/** Answers of registries without the API; GitHub's sends a redirect to another host, which is not followed. */
const NO_API = [301, 302, 303, 307, 308, 400, 404, 405, 501];
/** @see https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#listing-referrers */
async function listReferrers(http, repository, subject, artifactType, { signal }) {
    const step = `list what refers to ${subject}`;
    const found = new Map();
    let offered = true;
    const request = {
        step,
        method: 'GET',
        url: http.url(`${repository}/referrers/${subject}`, { artifactType }),
        headers: { accept: media_types_OCI_INDEX },
        repository,
        accept: [200, ...NO_API],
        redirects: 'none',
        pages: true,
        limit: LARGEST_DOCUMENT,
        signal,
    };
    await readPages(http, request, (page) => {
        const entries = page.status === 200 ? referrers_entriesOf(page) : undefined;
        offered &&= entries !== undefined;
        const before = found.size;
        for (const entry of entries ?? []) {
            const descriptor = parseDescriptor(entry, `the referrers of ${subject}`);
            found.set(descriptor.digest, descriptor);
        }
        return found.size > before;
    });
    // The registry may leave the filtering to us; what has no type at all may be one, and its content will tell.
    const fits = (descriptor) => !descriptor.artifactType || descriptor.artifactType === artifactType;
    return offered ? [...found.values()].filter(fits) : undefined;
}
function referrers_entriesOf({ body, headers }) {
    if (!headers['content-type']?.startsWith(media_types_OCI_INDEX))
        return undefined;
    try {
        const index = JSON.parse(body.toString('utf8'));
        if (!descriptor_isObject(index))
            return undefined;
        // olareg writes an empty list as null, as Go does.
        const manifests = index.manifests ?? [];
        return Array.isArray(manifests) ? manifests : undefined;
    }
    catch {
        return undefined;
    }
}

;// CONCATENATED MODULE: ./lib/oci/registry/lists/tag-list.js




/** As many as any registry gives at once; without a number GitHub's gives 100. */
const tag_list_PAGE = '1000';
/** Bytes: distribution 2.8 has no pages and gives all tags at once. */
const tag_list_LONGEST_PAGE = 16 * 1024 * 1024;
/**
 * Every tag of a repository, each once, in the order of the registry; none if there is no such repository.
 * @see https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#listing-tags
 */
async function listTags(http, repository, options) {
    try {
        return await list(http, repository, { n: tag_list_PAGE }, options);
    }
    catch (error) {
        // distribution 3.0 refuses a number that is larger than it was told to allow.
        const tooMany = error instanceof RegistryError && error.status === 400 && error.says('PAGINATION_NUMBER_INVALID');
        if (!tooMany)
            throw error;
        return list(http, repository, {}, options);
    }
}
async function list(http, repository, query, { signal }) {
    const step = `list the tags of ${repository}`;
    const url = http.url(`${repository}/tags/list`, query);
    const tags = new Set();
    const request = { step, method: 'GET', url, repository, accept: [200], limit: tag_list_LONGEST_PAGE, signal };
    try {
        await readPages(http, request, (page) => {
            const before = tags.size;
            for (const tag of tagsOf(page, step))
                tags.add(tag);
            return tags.size > before;
        });
    }
    catch (error) {
        const unknown = error instanceof RegistryError && error.status === 404 && error.says('NAME_UNKNOWN', 'NOT_FOUND');
        if (!unknown)
            throw error;
    }
    return [...tags];
}
function tagsOf({ body, url }, step) {
    let page;
    try {
        page = JSON.parse(body.toString('utf8'));
    }
    catch (cause) {
        throw new errors/* UserError */.yo(`Cannot ${step}: ${url.host} did not answer with JSON`, {
            cause,
            hint: `check that ${url.host} is a registry`,
        });
    }
    // A repository without tags has `null` here on some registries.
    const tags = descriptor_isObject(page) ? (page.tags ?? []) : undefined;
    if (!Array.isArray(tags))
        throw new errors/* UserError */.yo(`Cannot ${step}: ${url.host} answered without a list of tags`);
    return tags.filter((tag) => typeof tag === 'string');
}

;// CONCATENATED MODULE: ./lib/oci/registry/missing-references.js



/** The spec's code, Cloudflare's, and crane's for a child of an index. */
const missing_references_CODES = ['MANIFEST_BLOB_UNKNOWN', 'BLOB_UNKNOWN', 'MANIFEST_UNKNOWN'];
/** Quay and zot say only that the manifest is not valid, and the reason in words: with the digest, or of a blob at least. */
const MISSING_BLOB = /\b(?:unknown|missing|absent) blob\b(?! (?:media|type))|\bblob (?:is )?(?:unknown|missing|not found|does not exist)/i;
/** What is wrong with content that is there, be it named or not: no upload mends that. */
const OTHER_FAULT = /\b(?:media|artifact|mime|config|content)[- ]?type|\bschema|\bsize\b|\bplatform\b|\bannotation|\bunsupported\b|not (?:allowed|supported|accepted)/i;
/**
 * Whether a registry refused a manifest because content it points at is not there.
 * @returns the digests it names, only those that the document points at; `undefined` if it refused for another reason
 */
function missingIn(error, document) {
    const references = referencesOf(document);
    const wanted = [...references.blobs, ...references.manifests];
    const text = allSaid(error.reasons);
    const named = wanted.filter((digest) => isDigest(digest) && text.includes(digest));
    if (error.says(...missing_references_CODES))
        return named;
    if (!error.says('MANIFEST_INVALID'))
        return undefined;
    if (MISSING_BLOB.test(text))
        return named;
    return named.length > 0 && !OTHER_FAULT.test(text) ? named : undefined;
}

;// CONCATENATED MODULE: ./lib/oci/registry/transport/redaction.js
/** Parameters whose values tell what was asked for. All others may be signatures or states of the registry. */
const SHOWN = new Set(['digest', 'mount', 'from', 'n', 'last', 'artifactType', 'service', 'scope']);
/** A URL as it may be shown: no user info, no fragment, values of unknown query parameters left out. */
function redacted(url) {
    const query = [...url.searchParams].map(([name, value]) => SHOWN.has(name) ? `${name}=${value}` : `${encodeURIComponent(name)}=***`);
    return `${url.origin}${url.pathname}${query.length ? `?${query.join('&')}` : ''}`;
}

;// CONCATENATED MODULE: ./lib/oci/registry/manifests.js
/** Manifests, indexes and tags of one repository: read, stored by digest, and the one write of a tag. */












const ACCEPT = MANIFEST_TYPES.join(', ');
/** The spec's two codes, and Harbor's. */
const manifests_ABSENT = ['MANIFEST_UNKNOWN', 'NAME_UNKNOWN', 'NOT_FOUND'];
/** The manifests of one repository. @see https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#pull */
class Manifests {
    #http;
    #repository;
    constructor(http, repository) {
        this.#http = http;
        this.#repository = repository;
    }
    async get(reference, { signal }) {
        const request = { ...this.#request('read', reference, 'GET'), signal };
        const answer = await this.#http.ask({ ...request, accept: [200, 404], limit: LARGEST_DOCUMENT });
        if (answer.status === 404)
            return absent(answer, this.#http.reasonsIn(answer), request, isDigest(reference));
        const digest = digestOf(answer.body);
        if (isDigest(reference) && digest !== reference) {
            throw new errors/* UserError */.yo(`Cannot ${request.step}: the bytes that came have the digest ${digest}`);
        }
        checkContentDigest(answer.headers, digest, request.step);
        return decode(answer.body, mediaTypeOf(answer), `${this.#repository}${isDigest(reference) ? '@' : ':'}${reference}`);
    }
    /** A HEAD says yes or no; for any other answer, which has no text, the GET tells the reason. */
    async has(digest, options) {
        return (await this.#head(digest, options)) ?? (await this.get(digest, options)) !== undefined;
    }
    /**
     * What a tag points at, by a HEAD. One that is answered without a digest, or with a refusal, says too little: then the
     * document is read.
     */
    async resolve(tag, options) {
        return (await this.#named(tag, options)) ?? (await this.get(tag, options))?.descriptor.digest;
    }
    /** `undefined`: the answer does not tell. */
    async #named(tag, { signal }) {
        const request = { ...this.#request('look for', tag, 'HEAD'), signal };
        try {
            const { headers } = await this.#http.ask({ ...request, accept: [200], pages: true });
            const digest = headers['docker-content-digest'];
            return isDigest(digest) ? digest : undefined;
        }
        catch (error) {
            if (!(error instanceof RegistryError) || error.temporary)
                throw error;
            return undefined;
        }
    }
    /** `undefined`: neither yes nor no. */
    async #head(digest, { signal }) {
        const request = { ...this.#request('look for', digest, 'HEAD'), signal };
        try {
            const { status, headers } = await this.#http.ask({ ...request, accept: [200, 404] });
            if (status === 404)
                return false;
            checkContentDigest(headers, digest, request.step);
            // Who has a page for every address says yes to everything, but knows no digest.
            return isHtml(headers) && headers['docker-content-digest'] === undefined ? undefined : true;
        }
        catch (error) {
            if (!(error instanceof RegistryError) || error.temporary)
                throw error;
            return undefined;
        }
    }
    /** Stores a document under its digest, which may be repeated. */
    async put(document, { signal }) {
        const request = { ...this.#request('push', document.descriptor.digest, 'PUT'), signal };
        try {
            await this.#send(request, document);
        }
        catch (error) {
            throw asMissing(error, document);
        }
    }
    /** Points a tag at a document. Sent once, and not cut: half a write is one that nobody knows the outcome of. */
    async tag(tag, document, { signal, repeatUntil }) {
        const request = { ...this.#request('write', tag, 'PUT'), signal, once: { repeatUntil }, toTheEnd: true };
        try {
            await this.#send(request, document);
        }
        catch (error) {
            throw asRefusedWrite(asMissing(error, document));
        }
    }
    /**
     * By digest its tags go along, except in some registries; by a tag many delete nothing.
     * @see https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#deleting-manifests
     */
    async delete(reference, { signal }) {
        const request = { ...this.#request('delete', reference, 'DELETE'), signal };
        const { status } = await this.#http.ask({ ...request, accept: [200, 202, 204, 404] });
        return status === 404 ? 'absent' : 'deleted';
    }
    async #send(request, { descriptor, bytes }) {
        const { headers } = await this.#http.ask({
            ...request,
            headers: { 'content-type': descriptor.mediaType },
            body: memoryBytes(bytes),
            accept: [200, 201, 202],
        });
        checkContentDigest(headers, descriptor.digest, request.step);
    }
    #request(verb, reference, method) {
        const name = `${this.#repository}${isDigest(reference) ? '@' : ':'}${reference}`;
        const url = this.#http.url(`${this.#repository}/manifests/${reference}`);
        const headers = method === 'GET' || method === 'HEAD' ? { accept: ACCEPT } : {};
        return { step: `${verb} ${name}`, method, url, headers, repository: this.#repository };
    }
}
/**
 * A 404 says "not there" for a tag only in the registry's own word: one without it may come from a proxy or a wrong
 * address, and one that speaks of Accept stands before an image of another kind (distribution). To take either for
 * absence would put a new index over what is there. A digest can only name one content, so there any 404 will do.
 */
function absent({ status, url }, reasons, { step, method }, byDigest) {
    const unaccepted = reasons.some(({ message }) => /accept/i.test(message));
    if (!unaccepted && (byDigest || reasons.some(({ code }) => manifests_ABSENT.includes(code))))
        return undefined;
    throw new RegistryError({ step, method, url: redacted(url), status, reasons, retryAfter: undefined }, {
        hint: unaccepted
            ? 'the tag holds something of a kind that is not ours: choose another namespace, or delete that image'
            : `check that ${url.host} is a registry: it does not say "not there" in the way of registries`,
    });
}
/** What the registry calls it; if that is no more than JSON, what the document calls itself. */
function mediaTypeOf({ headers, body }) {
    const served = (headers['content-type'] ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? '';
    if (served !== '' && served !== 'application/json' && served !== 'application/octet-stream')
        return served;
    const own = /"mediaType"\s*:\s*"([^"]*)"/.exec(body.toString('utf8'))?.[1];
    return MANIFEST_TYPES.find((type) => type === own) ?? served;
}
function asMissing(error, document) {
    const missing = error instanceof RegistryError && !error.temporary ? missingIn(error, document) : undefined;
    if (!(error instanceof RegistryError) || !missing)
        return error;
    return new MissingReferenceError(error.message, missing, { cause: error, hint: error.hint });
}
/** A registry that asks to wait for longer than reads are waited for has refused for good. */
function asRefusedWrite(error) {
    if (!(error instanceof RegistryError))
        return error;
    const { message, hint, status, retryAfter } = error;
    const temporary = error.temporary && (retryAfter ?? 0) <= PATIENCE.longestRetryAfter;
    const mayHaveApplied = status >= 500 || status === 408 || status < 300;
    return new WriteRefusedError(message, { cause: error, hint, temporary, mayHaveApplied, retryAfter });
}

;// CONCATENATED MODULE: ./lib/oci/registry/transport/answer-body.js

/** As much of a refusal as is read. */
const LONGEST_REFUSAL = 64 * 1024;
/** The body of an answer is longer than anything we ask for. */
class TooLongError extends Error {
    name = 'TooLongError';
}
/** An answer comes byte by byte, as if never to end. */
class TooSlowError extends Error {
    name = 'TooSlowError';
}
/**
 * All bytes of a body.
 * @param patience in milliseconds, for all of it
 * @throws TooLongError as soon as more than `limit` bytes came, TooSlowError if the end did not come in time
 */
async function readBody(body, limit, patience) {
    const chunks = [];
    let length = 0;
    await inTime(body, patience, async () => {
        for await (const chunk of body) {
            length += chunk.length;
            // Leaving the loop destroys the stream, and with it the connection.
            if (length > limit)
                throw new TooLongError(`more than ${limit} bytes`);
            chunks.push(chunk);
        }
    });
    return Buffer.concat(chunks);
}
/** The beginning of a body that only explains something: cut when it is long or takes long, or where it breaks off. */
async function readBeginning(body, patience) {
    const chunks = [];
    let length = 0;
    try {
        await inTime(body, patience, async () => {
            for await (const chunk of body) {
                chunks.push(chunk);
                length += chunk.length;
                if (length > LONGEST_REFUSAL)
                    break;
            }
        });
    }
    catch {
        // The status has come, and that is the answer; its explanation is a courtesy.
    }
    return Buffer.concat(chunks).subarray(0, LONGEST_REFUSAL);
}
/** Bytes that an explanation may unpack to: a small body can be made to unpack to any size. */
const LONGEST_UNPACKED = 1024 * 1024;
/**
 * The text of a refusal. We ask for no compression, which some servers use all the same.
 * @param bytes may be cut
 * @param encoding `Content-Encoding`
 * @returns nothing where it cannot be unpacked
 */
function explanationIn(bytes, encoding) {
    const sync = { finishFlush: external_node_zlib_.constants.Z_SYNC_FLUSH, maxOutputLength: LONGEST_UNPACKED };
    try {
        switch (encoding?.trim().toLowerCase() || 'identity') {
            case 'identity':
                return bytes.toString('utf8');
            case 'gzip':
            case 'x-gzip':
                return (0,external_node_zlib_.gunzipSync)(bytes, sync).toString('utf8', 0, LONGEST_REFUSAL);
            case 'deflate':
                return (0,external_node_zlib_.inflateSync)(bytes, sync).toString('utf8', 0, LONGEST_REFUSAL);
            case 'br': {
                const flush = { finishFlush: external_node_zlib_.constants.BROTLI_OPERATION_FLUSH, maxOutputLength: LONGEST_UNPACKED };
                return (0,external_node_zlib_.brotliDecompressSync)(bytes, flush).toString('utf8', 0, LONGEST_REFUSAL);
            }
            default:
                return '';
        }
    }
    catch {
        return '';
    }
}
/** By a timer: behind the bytes may come trailers without end, of which a reader hears nothing. */
async function inTime(body, patience, read) {
    const timer = setTimeout(() => body.destroy(new TooSlowError(`no end in ${patience / 1000} s`)), patience);
    try {
        await read();
    }
    finally {
        clearTimeout(timer);
    }
}

;// CONCATENATED MODULE: ./lib/oci/registry/origins/cloud-hosts.js
/** Amazon's registry: `123456789012.dkr.ecr.eu-west-1.amazonaws.com`. */
const ECR = /^\d{12}\.dkr\.ecr(?:-fips)?\.([a-z0-9-]+)\.amazonaws\.com(?:\.cn)?$/;
/** Microsoft's: `contoso.azurecr.io`. */
const ACR = /^([a-z0-9]+)(?:-[a-z0-9]+)?\.azurecr\.(?:io|cn|us)$/;
/** Google's: `europe-west1-docker.pkg.dev`. */
const GAR = /^([a-z0-9-]+)-docker\.pkg\.dev$/;
/** The region of a registry of Amazon's; `undefined` for any other. */
function amazonRegion(host) {
    return ECR.exec(host)?.[1];
}
/** The name of a registry of Microsoft's, as its commands want it. */
function azureName(host) {
    return ACR.exec(host)?.[1];
}
/** The location of a registry of Google's. */
function googleLocation(host) {
    return GAR.exec(host)?.[1];
}
/** Hosts that are surely there and spelled right: where one is not found, the fault is on this side. */
const cloud_hosts_WELL_KNOWN = [
    'ghcr.io',
    'registry-1.docker.io',
    'auth.docker.io',
    'quay.io',
    'registry.gitlab.com',
    'gitlab.com',
    'public.ecr.aws',
    'gcr.io',
    'mcr.microsoft.com',
];
/** Whether a host is one that everybody knows, so that its name is no spelling mistake. */
function isWellKnown(host) {
    return cloud_hosts_WELL_KNOWN.includes(host);
}

;// CONCATENATED MODULE: ./lib/oci/registry/refusal/deletion-cures.js
/** What deletes where the distribution API does not: each registry's own tool. */

/** By words in the name of a host: registries of one's own as a rule have one. */
const BY_WORD = [
    [/\bharbor\b/i, 'use the tag retention rules of the project in Harbor'],
    [/\bquay\b/i, 'use the auto-prune policy of the repository in Quay'],
    [/\bgitlab\b/i, 'use the cleanup policy for tags of the project in GitLab'],
    [/\bdocker\.io$/i, 'delete the tags on hub.docker.com'],
];
/** What to do where a registry takes no `DELETE` of a manifest. */
function deletionCure(host) {
    const region = amazonRegion(host);
    if (region !== undefined) {
        return `use a lifecycle policy of Amazon ECR, or delete by hand: aws ecr batch-delete-image --region ${region}`;
    }
    const azure = azureName(host);
    if (azure !== undefined)
        return `use the purge command of Azure: az acr run --registry ${azure} --cmd "acr purge --help" /dev/null`;
    const location = googleLocation(host);
    if (location !== undefined)
        return 'use a cleanup policy of Google Artifact Registry: gcloud artifacts repositories set-cleanup-policies';
    const known = BY_WORD.find(([word]) => word.test(host));
    if (known)
        return known[1];
    return `${host} does not let manifests be deleted: whoever runs it can allow that (distribution: REGISTRY_STORAGE_DELETE_ENABLED=true), or delete with its own tool`;
}

;// CONCATENATED MODULE: ./lib/oci/registry/refusal/github-cures.js
/** GitHub's registry: of github.com, of an enterprise on ghe.com, or that of the server which the job runs on. */
function isGitHub({ host, onGitHub = false }) {
    return onGitHub || host === 'ghcr.io' || /^containers\.[a-z0-9-]+\.ghe\.com$/.test(host);
}
/** The permission that a job lacks. A run that publishes needs the one to write for reading too. */
function permission({ readOnly }) {
    return `give the job the permission "packages: ${readOnly ? 'read' : 'write'}" (under "permissions:" in the workflow)`;
}
/** How a package is opened to a repository that it does not belong to. */
function connection({ readOnly }) {
    return `open the settings of the package on GitHub, "Manage Actions access", and add this repository with the role ${readOnly ? 'Read' : 'Write'}`;
}
/** GitHub's registry knows no such tokens, whatever words it has for that. */
function isFineGrained(credentials) {
    return credentials.kind === 'basic' && credentials.password.startsWith('github_pat_');
}
function otherToken(situation) {
    return `GitHub's registry takes no fine-grained personal access tokens: ${jobsToken(situation)}`;
}
function jobsToken({ readOnly }) {
    return `use the GITHUB_TOKEN of the job, or a classic personal access token with the scope ${readOnly ? 'read' : 'write'}:packages`;
}
/**
 * What GitHub's registry says when a right is missing, and the cure of each. The messages are the only thing that tells
 * these cases apart: the code is DENIED for all of them.
 */
const GITHUB_MESSAGES = [
    [
        /installation not allowed to write organization package/i,
        (_, situation) => `${permission(situation)}; a pull request from a fork gets a token that only reads, whatever the workflow says: publish from a push or a release instead`,
    ],
    [
        /installation not allowed to create organization package/i,
        (_, situation) => `${permission(situation)}; if it has it, let an owner allow new packages of this visibility in the settings of the organization (Packages, Package creation), or push the package once with an owner's classic token`,
    ],
    [
        /permission_denied: (?:write|read)_package/i,
        (_, situation) => `${permission(situation)}; if it has it, the package belongs to another repository or to none: ${connection(situation)}`,
    ],
    [/does not match expected scopes/i, (_, situation) => jobsToken(situation)],
    [
        /requested installation does not exist/i,
        () => 'the app behind this token is gone, as after moving the repository: use the GITHUB_TOKEN of the job',
    ],
    [
        /user cannot be authenticated with the token provided/i,
        () => 'the token has expired, was revoked or is empty: make a new one, or use the GITHUB_TOKEN of the job',
    ],
    [/^insufficient_scope/i, (_, situation) => permission(situation)],
];

;// CONCATENATED MODULE: ./lib/oci/registry/refusal/immutable-tag.js

/**
 * What to do about a registry that lets a tag be written only once: our tags are written anew with each file that joins
 * a version.
 * @param said everything that the registry said
 */
function immutableTagCure({ url }, { host }, said) {
    return `an immutable tag cannot be written again, which each file that joins a version needs: publish all files of a version in one run, raise the version, or ${release(url, host, said)}`;
}
/** How the rule is lifted. What goes into a command comes from our own request, never from the answer. */
function release(url, host, said) {
    const [, repository = '', tag = ''] = /\/v2\/([a-z0-9._/-]+)\/manifests\/([\w.-]+)$/.exec(url) ?? [];
    const region = amazonRegion(host);
    if (region !== undefined) {
        return `let tags change there: aws ecr put-image-tag-mutability --region ${region} --repository-name ${repository || 'NAMESPACE/NAME'} --image-tag-mutability MUTABLE`;
    }
    const azure = azureName(host);
    if (azure !== undefined) {
        const image = repository && tag ? `${repository}:${tag}` : 'NAMESPACE/NAME:TAG';
        return `unlock it: az acr repository update --name ${azure} --image ${image} --write-enabled true`;
    }
    const location = googleLocation(host);
    if (location !== undefined) {
        const [project = 'PROJECT', name = 'REPOSITORY'] = repository.split('/').filter(Boolean);
        return `let tags change there: gcloud artifacts repositories update ${name} --project=${project} --location=${location} --no-immutable-tags`;
    }
    // Artifactory takes the right to delete for that to overwrite; Nexus has a policy for each repository.
    if (/needs DELETE permission|delete\/overwrite/i.test(said))
        return `give these credentials the permission Delete/Overwrite at ${host}`;
    if (/updating assets|redeploy/i.test(said))
        return `set the deployment policy of that repository at ${host} to "Allow redeploy"`;
    return `change the rules for tags at ${host}`;
}

;// CONCATENATED MODULE: ./lib/oci/registry/refusal/situation.js
/** Whether what was refused is a reading: no right to write is missing for it. */
function isReading({ method }, { readOnly }) {
    return readOnly || method === 'GET' || method === 'HEAD';
}

;// CONCATENATED MODULE: ./lib/oci/registry/refusal/known-reasons.js






/**
 * Reasons that no permission cures, by the words that registries have for them. The codes do not tell them from a missing
 * right: most are DENIED. The first that fits counts. Each pattern takes time in proportion to the text.
 */
const REASONS = [
    {
        words: /(?:unknown|unsupported|unrecogni[sz]ed|invalid|unexpected|disallowed|forbidden)[^.;{}]{0,40}\b(?:media|mime|artifact|config)[- ]?types?\b|\b(?:media|mime|artifact)[- ]?types?\b[^;{}]{0,120}\b(?:not (?:\w+ )?(?:supported|allowed|known|accepted|permitted|recogni[sz]ed)|unknown|unsupported|disallowed)|unknown manifest class/i,
        writing: true,
        cure: (_, { host }, said) => mediaTypeCure(host, said),
    },
    {
        words: /\bimmutab|cannot be overwritten|\btag\b[^.;]{0,160}\b(?:already exists|already pushed)|tag_?already_?exists|delete\/overwrite|overwrite (?:all )?artifact|does not allow updating assets|redeploy is not allowed|operation is disallowed on this registry/i,
        writing: true,
        cure: immutableTagCure,
    },
    {
        words: /\bIP(?:v[46])?[ -](?:address(?:es)?[ -])?(?:allow|deny|block|white|black)[ -]?list|\b(?:allow|white)[ -]?list(?:ed)?\b|client with IP\b|\bIP(?: address(?:es)?)?\b[^.;]{0,80}\b(?:not (?:permitted|allowed|authori[sz]ed)|blocked|denied|restricted|banned)|\bfirewall|\bnetwork (?:access )?(?:rule|polic(?:y|ies)|perimeter)|VPC Service Controls|\bgeo-?(?:ip )?block|public network access|private endpoint/i,
        cure: (_, situation, said) => addressCure(situation, said),
    },
    {
        words: /\bSAML\b|\bsingle sign-?on\b|\bSSO\b/i,
        cure: (_, situation) => isGitHub(situation)
            ? 'authorize the token for the organization: on GitHub, Settings, Developer settings, Personal access tokens, "Configure SSO" beside it; in a workflow use the GITHUB_TOKEN of the job'
            : `sign in at ${situation.host} by single sign-on, authorize this token for it or make a new one there`,
    },
    {
        words: /\barchived\b/i,
        cure: (_, situation) => isGitHub(situation)
            ? 'unarchive the repository (its Settings, Danger Zone), or choose another namespace'
            : `ask its owner to unarchive it at ${situation.host}, or choose another namespace`,
    },
    {
        words: /\bread[- ]?only\b|\bmaintenance\b|\bwrit(?:e|es|ing)(?: operations)? (?:is|are) (?:\w+ )?(?:suspended|disabled|prohibited|not allowed)|modification is prohibited/i,
        // A token that may only read is a missing right.
        unless: /\b(?:tokens?|keys?|credentials?|permissions?|scopes?|roles?|users?|accounts?)\b[^.;]{0,60}\bread[- ]?only|read[- ]?only (?:\w+ )?(?:tokens?|keys?|credentials?|permissions?|access|scopes?|roles?|users?|accounts?)/i,
        cure: (refusal, situation) => `${situation.host}${isReading(refusal, situation) ? ' serves nobody' : ', or this repository in it, accepts no changes'} now: run again later, which continues where this run stopped; if it lasts, ask whoever runs it`,
    },
    {
        words: /\bquota|\bbilling\b|\bspending limit|\bpayment|\bunpaid\b|\bno space left|\bdisk (?:is )?full|\binsufficient storage|\b(?:storage|space|usage|plan|upper|repositor(?:y|ies)|images?|packages?|tags?)\b[^.;]{0,60}\blimit|\blimit\b[^.;]{0,60}\b(?:exceeded|reached|storage|plan)|\bexceed\w*\b[^.;]{0,80}\b(?:storage|limit|plan|allowance)/i,
        unless: /\brate\b|too many requests|toomanyrequests|throttl|larger than|too large|maximum (?:allowed )?size/i,
        cure: (_, situation) => `free space at ${situation.host} (delete old versions), have the limit raised, or settle the billing of the account${isGitHub(situation) ? ' (on GitHub: Settings, Billing and licensing)' : ''}, then run again`,
    },
    {
        words: /\bsuspended\b|\bdelinquent\b|\bterms of service\b|\b(?:account|user|organi[sz]ation|namespace|project|subscription|registry|repository|tenant)\b[^.;]{0,60}\b(?:is|are|was|been) (?:\w+ )?(?:disabled|deactivated|locked|blocked|flagged|terminated|closed|banned)\b/i,
        cure: (_, { host }) => `the account or namespace is closed at ${host}, and running again does not change that: its owner has to ask the support of ${host}`,
    },
];
/** The cure for the reason that a registry gave in words; `undefined` if it gave none that is known. */
function cureByReason(refusal, situation) {
    // Limits of requests pass by themselves, and those of a single file have a cure of their own.
    if (refusal.status === 429 || refusal.status === 413)
        return undefined;
    const said = allSaid(refusal.reasons);
    const reasons = withoutNames(said, refusal.url, situation.host);
    const reading = isReading(refusal, situation);
    const reason = REASONS.find(({ words, unless, writing = false }) => !(writing && reading) && words.test(reasons) && !unless?.test(reasons));
    return reason?.cure(refusal, situation, said);
}
/** Registries repeat what was asked for, and a package may be called `payment-quota`; a link is no reason either. */
function withoutNames(said, url, host) {
    const [, path = ''] = /\/v2\/([a-z0-9._/-]+)\/(?:manifests|blobs|tags|referrers)\//.exec(url) ?? [];
    const [, scope = ''] = /scope=repository:([a-z0-9._/-]+):/.exec(url) ?? [];
    const repository = path || scope;
    return [host, repository, ...repository.split('/')]
        .filter(Boolean)
        .map((name) => name.replaceAll('.', '\\.').replace(/[[\]]/g, '\\$&'))
        .reduce((left, name) => left.replace(new RegExp(`(?<![\\w.-])${name}(?![\\w-])`, 'gi'), '…'), said.replace(/https?:\/\/\S{1,400}/gi, '…'));
}
/** What GitLab and Quay call the setting that lets other artifacts in; the words are those of GitLab's registry. */
function mediaTypeCure(host, said) {
    const refused = `${host} takes only media types that it knows, and those of PyOCI are not among them: publish to another registry`;
    if (/\bquay\b/i.test(host)) {
        return `${refused}, or let the administrator set IGNORE_UNKNOWN_MEDIATYPES or ALLOWED_OCI_ARTIFACT_TYPES of Quay`;
    }
    return /\bgitlab\b/i.test(host) || /unknown media type/i.test(said)
        ? `${refused}; if this is a GitLab of your own, its administrator can set REGISTRY_FF_DYNAMIC_MEDIA_TYPES=true for its registry (GitLab 17.1 or newer)`
        : refused;
}
function addressCure(situation, said) {
    const { host } = situation;
    const elsewhere = 'or run this on a machine whose address is allowed';
    if (isGitHub(situation)) {
        return `ask an owner of the organization to add the address of this machine to its IP allow list (Settings, Authentication security), ${elsewhere}`;
    }
    const azure = azureName(host);
    if (azure !== undefined) {
        const told = /client with IP '([0-9a-f.:]{3,45})'/i.exec(said)?.[1] ?? '';
        return `let this address in: az acr network-rule add --name ${azure} --ip-address ${(0,external_node_net_.isIP)(told) ? told : 'ADDRESS'}, ${elsewhere}`;
    }
    return `ask whoever runs ${host} to allow the address of this machine, ${elsewhere}`;
}

;// CONCATENATED MODULE: ./lib/oci/registry/refusal/hints.js







/** What Go's server and nginx say in plain text. */
const PLAIN_ON_TLS = /HTTP request (?:was sent )?to (?:an )?HTTPS/i;
/** All that some registries say to credentials that they do not know. */
const NO_LOGIN = /^(?:denied|invalid token)$/i;
const BY_CODE = {
    NAME_INVALID: () => 'check the namespace: lower-case letters and digits, with single . _ or - between them, / between its parts',
    NAME_UNKNOWN: unknownRepository,
    TOOMANYREQUESTS: waitAndRepeat,
    DIGEST_INVALID: () => 'the bytes that arrived are not those that were checked: make sure that nothing writes into the folder meanwhile, then run again',
};
const BY_STATUS = {
    401: (refusal, situation) => (situation.signedIn ? notAllowed(refusal, situation) : refusedLogin(situation)),
    402: (_, { host }) => `settle the billing of the account at ${host}, then run again`,
    403: (refusal, situation) => (refusal.credentialsRefused ? refusedLogin(situation) : notAllowed(refusal, situation)),
    404: (_, { host }) => `check that ${host} is a registry, and the namespace in it`,
    405: (_, { host }) => `${host} does not offer this: check that it is a registry for OCI artifacts`,
    407: () => 'the proxy wants a user and a password: http://user:password@host:port in http_proxy or https_proxy',
    412: (_, { host }) => `an immutable tag can look like this: see the rules for tags at ${host}`,
    413: (_, { host }) => `the file is larger than ${host}, or a proxy in front of it, takes: raise that limit (client_max_body_size of nginx)`,
    415: (refusal, { host }) => mediaTypeCure(host, allSaid(refusal.reasons)),
    429: waitAndRepeat,
    507: (_, { host }) => `make room at ${host}, or ask whoever runs it to, then run again`,
    511: () => 'this network wants a sign-in in a browser first: open any page there, or use another network',
};
/** Statuses with which a firewall or a web filter sends its page. */
const FILTERED = [400, 403, 405, 406, 451];
/** Statuses of registries that delete nothing, or not in this way. */
const UNOFFERED = [400, 405, 501];
/** What to type or click after this refusal; `undefined` if the registry's own words are all there is to say. */
function hintFor(refusal, situation) {
    const { status, reasons, page = false } = refusal;
    const { credentials, host } = situation;
    const denied = status === 401 || status === 403;
    const github = denied && isGitHub(situation);
    if (github && isFineGrained(credentials))
        return otherToken(situation);
    const said = allSaid(reasons);
    if (PLAIN_ON_TLS.test(said))
        return `write https://${host} as the registry`;
    if (status < 300)
        return page ? strangePage(host) : undefined;
    const known = github ? GITHUB_MESSAGES : [];
    const byMessage = known.find(([pattern]) => reasons.some(({ message }) => pattern.test(message)))?.[1];
    const byCode = reasons.map(({ code }) => (Object.hasOwn(BY_CODE, code) ? BY_CODE[code] : undefined)).find(Boolean);
    if (byMessage)
        return byMessage(refusal, situation);
    if (byCode === waitAndRepeat)
        return waitAndRepeat(refusal);
    if (refusal.method === 'DELETE' && UNOFFERED.includes(status))
        return deletionCure(host);
    const byReason = cureByReason(refusal, situation);
    if (byReason !== undefined)
        return byReason;
    if (denied && reasons.some(({ message }) => NO_LOGIN.test(message)))
        return refusedLogin(situation);
    const cure = byCode ?? (/upper.?case|lower.?case/i.test(said) ? BY_CODE.NAME_INVALID : undefined);
    if (cure)
        return cure(refusal, situation);
    if (status < 400)
        return movedTo(refusal, situation);
    if (page && FILTERED.includes(status))
        return filtered(situation);
    if (status >= 500 && !(status in BY_STATUS)) {
        return `the registry${page ? ', or a proxy in front of it,' : ''} has trouble of its own: run again later, which continues where this run stopped`;
    }
    return BY_STATUS[status]?.(refusal, situation);
}
function unknownRepository(refusal, { host, readOnly }) {
    if (readOnly)
        return 'check the spelling of the repository, and that these credentials may read it';
    const region = amazonRegion(host);
    if (region === undefined) {
        return `check the namespace; some registries want the repository to be made before the first push: make it at ${host}`;
    }
    const name = /repository with name '([a-z0-9._/-]+)'/i.exec(allSaid(refusal.reasons))?.[1] ?? 'NAMESPACE/NAME';
    return `Amazon ECR wants each repository to be made before the first push: aws ecr create-repository --region ${region} --repository-name ${name} (or let a repository creation template make it on push)`;
}
function refusedLogin(situation) {
    const { credentials, host } = situation;
    if (credentials.kind === 'anonymous') {
        const job = isGitHub(situation) ? `; in a job the github-token does it: ${permission(situation)}` : '';
        return `give a username and a password, or sign in with: ${loginCommand(host)}${job}`;
    }
    return `${host} does not accept the credentials from ${credentials.source}: check that they are current and for this registry`;
}
function notAllowed(refusal, situation) {
    const { credentials, host } = situation;
    // A token service that refuses has not looked at rights yet.
    if (credentials.kind === 'anonymous' || refusal.signingIn)
        return refusedLogin(situation);
    return `the credentials from ${credentials.source} are known to ${host} but may not ${refusal.step}: ${isGitHub(situation)
        ? `${permission(situation)}, or ${connection(situation)}`
        : `give them the right to ${refusal.method === 'DELETE' ? 'delete' : isReading(refusal, situation) ? 'read' : 'push'} there`}`;
}
function waitAndRepeat({ retryAfter }) {
    const wait = retryAfter === undefined ? 'a few minutes' : `${Math.ceil(retryAfter / 1000)} s`;
    return `too many requests: wait ${wait}, then run again, which continues where this run stopped; a lower concurrency helps too`;
}
/** Of a redirect that is not followed, as with a body that would be lost. */
function movedTo({ location }, { host }) {
    if (location === undefined)
        return `write the address to which ${host} redirects as the registry`;
    if (location === `https://${host}`)
        return `${host} redirects to TLS: write ${location} as the registry`;
    return `${host} redirects to ${location}: write that as the registry if it has moved there; if it is a page to sign in, something in front of ${host} wants a browser: ask those who run it to let requests to ${host}/v2/ through`;
}
function strangePage(host) {
    return `this page is not from a registry: check that ${host} is the registry and not a web site; if it is a page to sign in, sign in to that network or proxy first, or ask those who run it to let requests to ${host}/v2/ through`;
}
function filtered({ credentials, host }) {
    const rights = credentials.kind === 'anonymous'
        ? ''
        : `; if it is from ${host} itself, check what the credentials from ${credentials.source} may do there`;
    return `this page is probably from a firewall, a web filter or a proxy in front of the registry: ask those who run it to let requests from this machine to ${host}/v2/ through${rights}`;
}

;// CONCATENATED MODULE: ./lib/oci/registry/proxies/proxy-cures.js
/** For a proxy that wants to know who asks. @param variable the one that names it */
function credentialsCure(proxy, variable) {
    return `write them into the environment variable ${variable}: http://user:password@${proxy}`;
}
/** For a proxy that did not get through to `host`. */
function gatewayCure(proxy, host) {
    return `the proxy ${proxy} is in trouble or cannot reach ${host}: check the spelling of the registry, then run again later; if ${host} is to be reached without a proxy, list it in no_proxy`;
}
/** For a proxy that does not let us through to `host`. */
function passCure(proxy, host) {
    return `let the proxy ${proxy} pass ${host}, or list the host in no_proxy`;
}

;// CONCATENATED MODULE: ./lib/oci/registry/refusal/proxy-answer.js


/** Statuses with which a proxy says that it did not reach, or does not let pass to, the host that it was asked for. */
const GATEWAY = [502, 503, 504];
const FORBIDDEN = [403, 405, 451, 511];
/**
 * Whether an answer comes from the proxy that was asked for the registry, which is possible without TLS only: inside of
 * a tunnel nobody but the registry answers.
 * @returns `by`: who answered, for the error; and what to do about it
 */
function proxyAnswer({ status, headers, url, proxy }, reasons) {
    if (proxy === undefined || url.protocol !== 'http:')
        return undefined;
    if (status === 407) {
        return { by: `by the proxy ${proxy}`, hint: credentialsCure(proxy, 'http_proxy') };
    }
    const ofRegistry = headers['docker-distribution-api-version'] !== undefined || reasons.some(({ code }) => code !== '');
    const signed = headers['x-squid-error'] !== undefined || headers['proxy-status'] !== undefined;
    if (ofRegistry && !signed)
        return undefined;
    const by = `${signed ? 'by' : 'through'} the proxy ${proxy}`;
    if (GATEWAY.includes(status))
        return { by, hint: gatewayCure(proxy, url.host) };
    if (FORBIDDEN.includes(status) && (signed || allSaid(reasons) !== ''))
        return { by, hint: passCure(proxy, url.host) };
    return undefined;
}

;// CONCATENATED MODULE: ./lib/oci/registry/refusal/refusals.js










/** Makes errors of answers that a step has no use for: the registry's own words, and what to do about them. */
class Refusals {
    #options;
    constructor(options) {
        this.#options = options;
    }
    /** What a body says. It may repeat what was asked, credentials and all, and will be cut: no mask knows half a secret. */
    reasonsIn({ headers, body }) {
        const { secrets } = this.#options;
        return parseReasons(explanationIn(body, headers['content-encoding']), (text) => secrets.redact(text));
    }
    /** Reads the rest of the answer. */
    async of(asked, answer) {
        return this.#errorOf(asked, answer, await answer.beginning());
    }
    /** The same of an answer that claims success with a page for browsers; `undefined` if its body is none. */
    async ofPage(asked, answer, body) {
        const page = isPage(explanationIn(body, answer.headers['content-encoding']));
        return page ? this.#errorOf(asked, answer, body) : undefined;
    }
    async #errorOf(asked, answer, body) {
        const { registry, clock, readOnly, onGitHub } = this.#options;
        const { step, method, credentials, signedIn = false, signingIn = false } = asked;
        const { status, headers, url } = answer;
        const reasons = this.reasonsIn({ headers, body });
        const page = isPage(explanationIn(body, headers['content-encoding']));
        const refusal = {
            step,
            method,
            url: redacted(url),
            status,
            reasons,
            retryAfter: parseRetryAfter(headers['retry-after'], clock.now()),
            page,
            location: destinationOf(answer),
            signingIn: asked.url === undefined,
            credentialsRefused: signingIn && !page && isRefusalOf(credentials, status),
        };
        const proxy = proxyAnswer(answer, reasons);
        if (proxy)
            return new RegistryError({ ...refusal, by: proxy.by }, { hint: proxy.hint });
        // Credentials do not go elsewhere, so whoever refuses there says nothing about them.
        const from = asked.url && [registry, asked.url].find((origin) => !sameOrigin(origin, url));
        if (from)
            return new RegistryError(refusal, { hint: strayHint(from, url) ?? ledAstray(from, url) });
        // A server that does not tell is not known to be GitHub's.
        const github = (await onGitHub?.().catch(() => false)) ?? false;
        const situation = { credentials, host: registry.host, onGitHub: github, signedIn, readOnly };
        return new RegistryError(refusal, { hint: hintFor(refusal, situation) });
    }
}
/** An OAuth2 service says 400 of a refresh token that it does not know. */
function isRefusalOf({ kind }, status) {
    return kind !== 'anonymous' && (status === 401 || status === 403 || (status === 400 && kind === 'identity-token'));
}
function ledAstray(from, to) {
    return `${from.host} sends us to ${to.host}, which does not serve us: run again, and if it stays so, ask whoever runs ${from.host}`;
}
/** Without a query, which may hold secrets. */
function destinationOf({ status, headers, url }) {
    const to = status >= 300 && status < 400 && headers.location ? resolveUrl(headers.location, url) : undefined;
    if (!to)
        return undefined;
    return sameOrigin(to, url) ? `${to.host}${to.pathname}` : to.origin;
}

;// CONCATENATED MODULE: ./lib/oci/registry/transport/unanswered.js

/** No answer came, or not all of it: nobody knows whether the request took effect. */
class UnansweredError extends errors/* UserError */.yo {
    name = 'UnansweredError';
    /** Whether the same request may pass later: not so with an untrusted certificate or an unknown host. */
    temporary;
    /** The system's name for what happened: `ECONNRESET`. */
    code;
    constructor(message, options) {
        super(message, options);
        this.temporary = options.temporary;
        this.code = options.code;
    }
}

;// CONCATENATED MODULE: ./lib/oci/registry/repeater.js



/** Tries steps again after failures that may pass, within the budgets of the step and of the whole run. */
class Repeater {
    #options;
    /** What was given up already, so that a step around a step does not multiply the tries. */
    #final = new WeakSet();
    #waited = 0;
    constructor(options) {
        this.#options = options;
    }
    /**
     * @param work does the step; told which try it is, from 1. It must be safe to repeat.
     * @param passing failures besides the usual that another try may cure
     * @throws the last failure, or the signal's reason
     */
    async run(work, signal, passing = () => false) {
        const { clock, random, log, patience } = this.#options;
        let waitedForStep = 0;
        for (let attempt = 1;; attempt += 1) {
            try {
                return await work(attempt);
            }
            catch (error) {
                if (signal.aborted || !(error instanceof Error) || this.#final.has(error))
                    throw error;
                if (!mayPass(error) && !passing(error))
                    throw error;
                const retryAfter = error instanceof RegistryError ? error.retryAfter : undefined;
                const standing = { attempt, waitedForStep, waitedInAll: this.#waited, retryAfter };
                const delay = delayBeforeRetry(standing, random(), patience);
                if (delay === undefined) {
                    this.#final.add(error);
                    throw error;
                }
                log.info(`${error.message}: trying again in ${seconds(delay)} (try ${attempt + 1} of ${patience.attempts})`);
                waitedForStep += delay;
                this.#waited += delay;
                await clock.sleep(delay, signal);
            }
        }
    }
}
function mayPass(error) {
    return (error instanceof RegistryError || error instanceof UnansweredError) && error.temporary;
}
function seconds(milliseconds) {
    return `${(milliseconds / 1000).toFixed(1)} s`;
}

;// CONCATENATED MODULE: ./lib/oci/registry/sign-in/scope.js

/** The value of a challenge: scopes divided by blanks; none if there is nothing in it, as zot has it. */
function parseScopes(text) {
    const scopes = new Map();
    for (const scope of (text ?? '').split(/\s+/).filter(Boolean)) {
        const end = scope.lastIndexOf(':');
        const whole = end <= scope.indexOf(':');
        const resource = whole ? scope : scope.slice(0, end);
        const actions = scopes.get(resource) ?? new Set();
        for (const action of whole ? [] : scope.slice(end + 1).split(','))
            actions.add(action);
        scopes.set(resource, actions);
    }
    return scopes;
}
/** Both, without repetition; those of `first` lead. */
function mergeScopes(first, second) {
    const merged = new Map([...first].map(([resource, actions]) => [resource, new Set(actions)]));
    for (const [resource, actions] of second) {
        merged.set(resource, new Set([...(merged.get(resource) ?? []), ...actions]));
    }
    return merged;
}
/** As they go into a request, one text each, actions sorted, so that equal sets read the same. */
function scopeTexts(scopes) {
    return [...scopes].map(([resource, actions]) => [resource, [...actions].sort(byText).join(',')].filter(Boolean).join(':'));
}

;// CONCATENATED MODULE: ./lib/oci/registry/sign-in/token.js



/** As the token specification has it for answers that do not say. */
const DEFAULT_LIFETIME = 60;
/** Seconds before the end at which a token is not used for a new request. */
const MARGIN = 5;
/** `user:password` for a Basic header. */
function basicValue(username, password) {
    return Buffer.from(`${username}:${password}`).toString('base64');
}
/**
 * Asks for a token: by GET with Basic credentials, which every token service takes, or by the OAuth2 POST where all we
 * have is a refresh token.
 * @see https://distribution.github.io/distribution/spec/auth/token/
 * @see https://distribution.github.io/distribution/spec/auth/oauth/
 */
function tokenRequest(at, scopes, credentials) {
    const texts = scopeTexts(scopes);
    if (credentials.kind === 'identity-token') {
        const form = new URLSearchParams({ grant_type: 'refresh_token', client_id: 'pyoci-publish' });
        if (at.service !== undefined)
            form.set('service', at.service);
        if (texts.length)
            form.set('scope', texts.join(' '));
        form.set('refresh_token', credentials.token);
        const headers = { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' };
        const body = memoryBytes(Buffer.from(form.toString()));
        return { method: 'POST', url: at.realm, headers, authorization: undefined, body };
    }
    const url = new URL(at.realm);
    if (at.service !== undefined)
        url.searchParams.set('service', at.service);
    for (const text of texts)
        url.searchParams.append('scope', text);
    const authorization = credentials.kind === 'basic' ? `Basic ${basicValue(credentials.username, credentials.password)}` : undefined;
    return { method: 'GET', url, headers: { accept: 'application/json' }, authorization, body: undefined };
}
/**
 * The token in the answer of a token service, which registries call `token` or `access_token`.
 * @param askedAt milliseconds since the epoch; our own clock counts, theirs may be wrong
 * @returns `undefined` if there is none that fits into a header
 */
function parseToken(body, askedAt) {
    let answer;
    try {
        answer = JSON.parse(body.toString('utf8'));
    }
    catch {
        return undefined;
    }
    if (!descriptor_isObject(answer))
        return undefined;
    const value = [answer.token, answer.access_token].find((text) => typeof text === 'string' && /^[!-~]+$/.test(text));
    if (typeof value !== 'string')
        return undefined;
    // Some write the number as text. Anything else is not turned into one: an object can fail to be.
    const { expires_in } = answer;
    const told = typeof expires_in === 'string' ? Number(expires_in) : expires_in;
    const lifetime = typeof told === 'number' && Number.isFinite(told) && told > 0 ? told : DEFAULT_LIFETIME;
    return { value, renewAt: askedAt + Math.max(lifetime - MARGIN, lifetime / 2) * 1000 };
}

;// CONCATENATED MODULE: ./lib/oci/registry/sign-in/identity.js

/**
 * Who we are to a registry: the credentials that were chosen, until it refuses them and others take their place, which
 * happens at most once; or until those that are kept have changed, which may happen again and again. Their secrets are masked from the moment they are known here.
 */
class Identity {
    #options;
    #credentials;
    #basic;
    #replaced;
    #renewing;
    #proven = false;
    #announced = false;
    constructor(options) {
        this.#options = options;
        this.#credentials = options.credentials;
        this.#take(options.credentials);
    }
    get credentials() {
        return this.#credentials;
    }
    /** The value of a Basic header; `undefined` if these credentials make none. */
    get basic() {
        return this.#basic;
    }
    /** Told that the registry took these credentials: whatever it refuses from now on, it is not them. */
    proven() {
        this.#proven = true;
    }
    /**
     * Told that the registry refused these credentials.
     * @returns whether there are others by now
     */
    async refused(credentials) {
        if (this.#options.renew && (await this.#renewed(credentials)))
            return true;
        if (credentials !== this.#options.credentials)
            return false;
        if (!this.#replaced && (this.#proven || credentials.kind === 'anonymous'))
            return false;
        this.#replaced ??= this.#exchange(credentials, this.#options.instead);
        return this.#replaced;
    }
    /** However many were refused at once, what is kept is read once. */
    async #renewed(credentials) {
        if (credentials !== this.#credentials)
            return true;
        if (credentials.kind === 'anonymous')
            return false;
        this.#renewing ??= this.#exchange(credentials, this.#options.renew).finally(() => {
            this.#renewing = undefined;
        });
        return this.#renewing;
    }
    /** Says once where they are from, when they are about to be used. */
    announce() {
        const { log, host } = this.#options;
        const credentials = this.#credentials;
        if (this.#announced || credentials.kind === 'anonymous')
            return;
        this.#announced = true;
        log.info(`Signing in to ${host} with ${credentials.source}`);
    }
    async #exchange(refused, by) {
        const others = await by?.(refused);
        if (!others)
            return false;
        this.#take(others);
        this.#announced = false;
        return true;
    }
    #take(credentials) {
        const { masker } = this.#options;
        this.#credentials = credentials;
        this.#basic = undefined;
        if (credentials.kind === 'identity-token')
            masker.mask(credentials.token);
        if (credentials.kind !== 'basic')
            return;
        const { username, password } = credentials;
        this.#basic = basicValue(username, password);
        for (const secret of [password, this.#basic])
            if (secret)
                masker.mask(secret);
    }
}

;// CONCATENATED MODULE: ./lib/oci/registry/sign-in/challenge.js
const TOKEN = "[A-Za-z0-9!#$%&'*+.^_`|~-]+";
/** `name = value`, the value a token or a quoted string. */
const PARAMETER = new RegExp(`(${TOKEN})[ \\t]*=[ \\t]*(?:"((?:[^"\\\\]|\\\\.)*)"|([^\\s",]*))`, 'y');
/** A scheme, with an opaque token68 behind it or nothing; not the name of a parameter. */
const SCHEME = new RegExp(`(${TOKEN})(?![ \\t]*=[^=])(?:[ \\t]+[A-Za-z0-9._~+/-]+=*(?=[ \\t]*(?:,|$)))?`, 'y');
const SEPARATOR = /[ \t,]*/y;
/**
 * Reads the values of all `WWW-Authenticate` headers. A comma divides challenges as well as parameters, and may stand
 * inside a quoted string; what cannot be read ends the reading of that header, never fails.
 */
function parseChallenges(values) {
    return values.flatMap(parseHeader);
}
function parseHeader(text) {
    const found = [];
    let at = 0;
    const take = (pattern) => {
        pattern.lastIndex = at;
        const match = pattern.exec(text);
        if (match)
            at = pattern.lastIndex;
        return match;
    };
    for (;;) {
        take(SEPARATOR);
        if (at >= text.length)
            return found;
        const parameter = found.length > 0 ? take(PARAMETER) : null;
        if (parameter) {
            const [, name = '', quoted, bare = ''] = parameter;
            const parameters = found.at(-1)?.parameters ?? {};
            parameters[name.toLowerCase()] ??= quoted === undefined ? bare : quoted.replace(/\\(.)/g, '$1');
            continue;
        }
        const scheme = take(SCHEME);
        if (!scheme)
            return found;
        found.push({ scheme: (scheme[1] ?? '').toLowerCase(), parameters: {} });
    }
}

;// CONCATENATED MODULE: ./lib/oci/registry/sign-in/exchanges.js


/** Exchanges in flight, once the credentials are known to be good. */
const AT_ONCE = 4;
/** Refusals after which credentials that were never accepted count as wrong. Services lock accounts after some more. */
const MOST_REFUSALS = 3;
/**
 * Exchanges of one pair of credentials for tokens, of which each repository needs its own. As long as none has succeeded
 * one at a time is made, so that wrong credentials are not shown for every repository of a run at once.
 */
class Exchanges {
    #alone = new Lane(1);
    #several = new Lane(AT_ONCE);
    #accepted = false;
    #refusals = 0;
    #last;
    /** @throws what `exchange` throws; once the credentials count as wrong, the last refusal without another exchange */
    async run(exchange) {
        const first = this.#accepted ? undefined : await this.#alone.run(() => this.#try(exchange));
        return first ? first.token : this.#several.run(exchange);
    }
    /** @returns `undefined` if others have succeeded meanwhile, so that there is no more need to be alone */
    async #try(exchange) {
        if (this.#accepted)
            return undefined;
        if (this.#last && this.#refusals >= MOST_REFUSALS)
            throw this.#last;
        try {
            const token = await exchange();
            this.#accepted = true;
            return { token };
        }
        catch (error) {
            if (error instanceof RegistryError && (error.status === 401 || error.credentialsRefused)) {
                this.#refusals += 1;
                this.#last = error;
            }
            throw error;
        }
    }
}

;// CONCATENATED MODULE: ./lib/oci/registry/sign-in/realm.js


/**
 * The token service that a challenge names, which may be given relative to the registry. Without TLS it must be on the
 * registry's own host, where the same eyes see it.
 * @param ownHostOnly the credential may not leave the registry's own host, whatever the registry says
 * @throws UserError if credentials may not go there
 */
function parseRealm(realm, registry, ownHostOnly) {
    const action = `sign in to ${registry.host}`;
    const url = resolveUrl(realm, registry);
    if (!url)
        throw new errors/* UserError */.yo(`Cannot ${action}: its token service "${realm}" is no address`);
    checkDestination(url, registry, `${action} through its token service`);
    if (url.protocol !== 'https:' && !sameHost(url, registry)) {
        throw new errors/* UserError */.yo(`Cannot ${action} through its token service: it leads to ${url.origin}, another host that is not reached over https`, { hint: `ask whoever runs ${registry.host} to give its token service TLS, or to run it on ${registry.hostname}` });
    }
    if (ownHostOnly)
        checkOwnHost(url, registry);
    return url;
}
/** @throws UserError if a token service is not on the registry's own host and port, which is where a job's token stays */
function checkOwnHost(realm, registry) {
    if (realm.host === registry.host)
        return;
    throw new errors/* UserError */.yo(`Cannot sign in to ${registry.host}: its token service is ${realm.host}, and the token of this job is for ${registry.host} alone`, { hint: 'give a username and a password for this registry' });
}

;// CONCATENATED MODULE: ./lib/oci/registry/sign-in/token-exchange.js



const LONGEST_TOKEN = 1024 * 1024;
/**
 * Asks a token service for a token, again after failures that may pass. Redirects are followed on its own origin only.
 * @throws RegistryError if it refuses, UserError if it may not have these credentials or answers without a token
 */
async function exchangeForToken(at, scopes, credentials, { registry, wire, repeater, refusals, clock, signal }) {
    const step = `sign in to ${registry.host}`;
    if (credentials.kind === 'basic' && credentials.ownHostOnly)
        checkOwnHost(at.realm, registry);
    return repeater.run(async () => {
        const askedAt = clock.now();
        const request = tokenRequest(at, scopes, credentials);
        const answer = await wire.send({ ...request, step, redirects: 'own', signal });
        if (answer.status !== 200) {
            throw await refusals.of({ step, method: request.method, credentials, signingIn: true }, answer);
        }
        const body = await answer.read(LONGEST_TOKEN);
        const token = parseToken(body, askedAt);
        if (token)
            return token;
        const page = await refusals.ofPage({ step, method: request.method, credentials }, answer, body);
        throw page ?? new errors/* UserError */.yo(`Cannot ${step}: the answer of ${at.realm.host} holds no token`);
    }, signal);
}

;// CONCATENATED MODULE: ./lib/oci/registry/sign-in/tokens.js






/**
 * Tokens of a registry, one for each repository and set of scopes: exchanged when first needed, however many need it at
 * once, and renewed before they run out.
 */
class Tokens {
    #options;
    /** What the token of a repository is asked for; grows with what challenges demand. */
    #scopes = new Map();
    #tokens = new Map();
    #exchanges = new Map();
    constructor(options) {
        this.#options = options;
    }
    /** Whether there is one, so that the credentials are known to be good. */
    get any() {
        return this.#tokens.size > 0;
    }
    /** Adds the scope that a challenge demands to what the tokens of a repository are asked for. */
    demand(repository, scope) {
        this.#scopes.set(repository, mergeScopes(parseScopes(scope), this.#scopesOf(repository)));
    }
    /** Takes back what was demanded of one resource. */
    demandNoMore(repository, resource) {
        const others = [...this.#scopesOf(repository)].filter(([demanded]) => demanded !== resource);
        this.#scopes.set(repository, new Map(others));
    }
    /** The value of `Authorization` for requests to a repository. @throws what the exchange throws; the signal's reason */
    async header(repository, at, signal) {
        const { clock } = this.#options;
        const key = this.#keyOf(repository);
        for (;;) {
            const known = this.#tokens.get(key);
            const pending = known ?? this.#exchange(at, this.#scopesOf(repository));
            if (!known) {
                this.#tokens.set(key, pending);
                // A failure is told to everyone who waits for it, and kept from nobody after.
                pending.catch(() => this.#drop(key, pending));
            }
            const token = await unlessAborted(pending, signal);
            if (!known || clock.now() < token.renewAt)
                return `Bearer ${token.value}`;
            this.#drop(key, pending);
        }
    }
    /** Forgets the token that was refused, unless another request has renewed it meanwhile. */
    async forget(repository, header) {
        const key = this.#keyOf(repository);
        const pending = this.#tokens.get(key);
        const token = await pending?.catch(() => undefined);
        if (pending && token && `Bearer ${token.value}` === header)
            this.#drop(key, pending);
    }
    #drop(key, token) {
        if (this.#tokens.get(key) === token)
            this.#tokens.delete(key);
    }
    #keyOf(repository) {
        return scopeTexts(this.#scopesOf(repository)).join(' ');
    }
    #scopesOf(repository) {
        if (repository === NO_REPOSITORY)
            return this.#scopes.get(repository) ?? new Map();
        const { readOnly, deletes } = this.#options;
        const actions = readOnly ? ['pull'] : deletes ? ['pull', 'push', 'delete'] : ['pull', 'push'];
        return mergeScopes(this.#scopes.get(repository) ?? new Map(), new Map([[`repository:${repository}`, new Set(actions)]]));
    }
    /** With what takes the place of our credentials, if the token service does not know them. */
    async #exchange(at, scopes) {
        const { identity } = this.#options;
        const { credentials } = identity;
        try {
            return await this.#exchangeAs(credentials, at, scopes);
        }
        catch (error) {
            const refused = error instanceof RegistryError && error.credentialsRefused;
            if (!refused || !(await identity.refused(credentials)))
                throw error;
            return this.#exchangeAs(identity.credentials, at, scopes);
        }
    }
    async #exchangeAs(credentials, at, scopes) {
        const exchanges = this.#exchanges.get(credentials) ?? new Exchanges();
        this.#exchanges.set(credentials, exchanges);
        return exchanges.run(async () => {
            const { identity, masker } = this.#options;
            identity.announce();
            const token = await exchangeForToken(at, scopes, credentials, this.#options);
            masker.mask(token.value);
            identity.proven();
            return token;
        });
    }
}

;// CONCATENATED MODULE: ./lib/oci/registry/sign-in/signed-wire.js
/** Signs requests to a registry: a first try, the challenge, the exchange for a token, the next try. */









/** How often a request is sent again after refusals, each of another token: other requests may use it up meanwhile. */
const MOST_RENEWALS = 5;
/**
 * Requests to one registry, signed in as it wants. All of signing in is told here, in the order of the token
 * specification: a first try, the registry's challenge, the exchange for a token, the next try.
 *
 * @see https://distribution.github.io/distribution/spec/auth/token/
 */
class SignedWire {
    #options;
    #tokens;
    #alone = new Lane(1);
    #scheme = { kind: 'unknown' };
    /** Kinds of requests that were answered without credentials. */
    #open = new Set();
    /** Headers with which requests were answered by another status than 401. */
    #accepted = new Set();
    /** Answers 401 to such passwords, by the header they were in. */
    #refused = new Map();
    constructor(options) {
        this.#options = options;
        this.#tokens = new Tokens(options);
    }
    /** What readers of this registry will meet. */
    get signIn() {
        const scheme = this.#scheme;
        if (scheme.kind !== 'bearer')
            return scheme.kind;
        return scheme.service === undefined ? 'bearer-without-service' : 'bearer';
    }
    /** Who we are at the moment. */
    get credentials() {
        return this.#options.identity.credentials;
    }
    /** Whether tokens for requests to `repository` are asked for the right to read `other` as well. */
    alsoReads(repository, other, does) {
        if (does)
            this.#tokens.demand(repository, `repository:${repository}:pull repository:${other}:pull`);
        else
            this.#tokens.demandNoMore(repository, `repository:${other}`);
    }
    /** Whether the credentials were exchanged for a token, so that they are known to be good. */
    get signedIn() {
        return this.#scheme.kind === 'bearer' && !this.#anonymous && this.#tokens.any;
    }
    /** Whether an answer says that the registry does not know these credentials, whatever was asked under them. */
    refusesCredentials({ status, url }) {
        const ours = sameOrigin(url, this.#options.registry);
        return ours && this.#scheme.kind === 'basic' && !this.#anonymous && status === 401;
    }
    /**
     * Sends a request, and again after a refusal that a better header may cure. Elsewhere than on the registry's own
     * origin it goes without credentials.
     * @returns the last answer, be it a refusal
     * @throws what sending or the exchange throws; WriteRefusedError if there was no time left
     */
    async send(request) {
        const { registry, wire, clock } = this.#options;
        if (!sameOrigin(request.url, registry)) {
            checkDestination(request.url, registry, `${request.step} at another address`);
            return wire.send({ ...request, authorization: undefined });
        }
        const began = clock.now();
        // A request with a limit does not wait for others.
        const alone = request.notAfter === undefined ? await this.#tryAlone(request) : undefined;
        let { answer, header } = alone ?? (await this.#tryAs(request, await this.#header(request), began));
        const refused = new Set();
        for (let renewals = 0; renewals < MOST_RENEWALS && this.#isRefused(answer); renewals += 1) {
            // Read now, so that the connection serves again.
            await answer.beginning();
            if (refused.has(header) || (renewals > 0 && this.#lacksRight(header)))
                break;
            refused.add(header);
            const better = await this.#betterHeader(request, answer, header);
            if (better === undefined)
                break;
            ({ answer, header } = await this.#tryAs(request, better));
        }
        return answer;
    }
    /** The header to begin with; `undefined` for a registry that has not asked for one. */
    async #header({ repository, waiting }) {
        const scheme = this.#scheme;
        if (scheme.kind === 'basic')
            return this.#basicHeader();
        return scheme.kind === 'bearer' ? this.#tokens.header(repository, scheme, waiting) : undefined;
    }
    /** A new token that nobody has used and that was never accepted: it lacks a right, and so would the next one. */
    #lacksRight(header) {
        return this.#scheme.kind === 'bearer' && header !== undefined && !this.#accepted.has(header);
    }
    /** A better header than the one that was refused, by the registry's challenge; `undefined` if there is none. */
    async #betterHeader({ repository, waiting }, { challenges }, used) {
        const scheme = this.#scheme;
        if (scheme.kind === 'basic') {
            const { credentials } = this;
            const header = this.#basicHeader();
            if (header === undefined || header !== used)
                return header;
            return (await this.#options.identity.refused(credentials)) ? this.#basicHeader() : undefined;
        }
        if (scheme.kind !== 'bearer')
            return undefined;
        this.#tokens.demand(repository, bearerIn(parseChallenges(challenges))?.parameters.scope);
        await this.#tokens.forget(repository, used);
        return this.#tokens.header(repository, scheme, waiting);
    }
    /**
     * As long as it is not known whether such requests need signing in, and whether the password is right, one at a time is
     * sent: of many at once each would meet the same answer. A password that was refused some times is not sent again: the
     * last refusal is the answer to all that would.
     * @returns `undefined` if there is no more need to be alone
     */
    async #tryAlone(request) {
        if (!this.#isUnsure(request))
            return undefined;
        const attempt = async () => {
            if (!this.#isUnsure(request))
                return undefined;
            const header = await this.#header(request);
            const refusals = this.#refused.get(header ?? '') ?? [];
            const known = refusals.length >= MOST_REFUSALS ? refusals.at(-1) : undefined;
            return known ? { answer: known, header } : this.#tryAs(request, header);
        };
        return unlessAborted(this.#alone.run(attempt), request.signal);
    }
    /** @param began when a limit that is in the future still begins to count: signing in may have used it up */
    async #tryAs(request, header, began) {
        const { wire, clock } = this.#options;
        const { notAfter = Number.POSITIVE_INFINITY, waiting } = request;
        if (clock.now() > notAfter && (began === undefined || began <= notAfter))
            throw tooLate(request);
        waiting.throwIfAborted();
        const answer = await wire.send({ ...request, authorization: header });
        this.#learn(request, answer, header);
        return { answer, header };
    }
    /**
     * Takes from an answer how the registry signs in, and whether it takes our credentials. The first Bearer challenge
     * counts for good: Harbor answers an expired token with a Basic challenge.
     */
    #learn(request, answer, header) {
        if (!this.#isRefused(answer)) {
            if (answer.status === 401)
                return;
            // Trouble of the registry says nothing about who we are.
            if (isTemporary(answer.status))
                return;
            if (header !== undefined)
                this.#accepted.add(header);
            else if (this.#scheme.kind === 'unknown')
                this.#scheme = { kind: 'none' };
            if (header === undefined)
                this.#open.add(intentOf(request));
            return;
        }
        if (header?.startsWith('Basic '))
            this.#refused.set(header, [...(this.#refused.get(header) ?? []), answer]);
        if (this.#scheme.kind === 'bearer')
            return;
        const challenges = parseChallenges(answer.challenges);
        const bearer = bearerIn(challenges);
        if (bearer)
            this.#scheme = { kind: 'bearer', ...this.#serviceIn(bearer) };
        else if (challenges.some(({ scheme }) => scheme === 'basic'))
            this.#scheme = { kind: 'basic' };
    }
    /** @throws UserError if credentials may not go there */
    #serviceIn({ parameters: { realm = '', service } }) {
        const { registry, identity } = this.#options;
        const { credentials } = identity;
        const ownHostOnly = credentials.kind === 'basic' && credentials.ownHostOnly === true;
        return { realm: parseRealm(realm, registry, ownHostOnly), service };
    }
    /**
     * Whether it is not known yet if such a request needs signing in, or if a password that goes along with each is the
     * right one; without credentials there is nothing to know. Some registries let everybody read.
     */
    #isUnsure(request) {
        const { kind } = this.#scheme;
        if (this.#anonymous)
            return false;
        const { basic } = this.#options.identity;
        const onTrial = kind === 'basic' && basic !== undefined && !this.#accepted.has(`Basic ${basic}`);
        return kind === 'unknown' || (kind === 'none' && !this.#open.has(intentOf(request))) || onTrial;
    }
    /** Whether it is the registry itself that wants to know who we are. */
    #isRefused({ status, url }) {
        return status === 401 && sameOrigin(url, this.#options.registry);
    }
    #basicHeader() {
        const { identity } = this.#options;
        if (identity.basic === undefined)
            return undefined;
        identity.announce();
        return `Basic ${identity.basic}`;
    }
    get #anonymous() {
        return this.credentials.kind === 'anonymous';
    }
}
function intentOf({ method }) {
    return method === 'GET' || method === 'HEAD' ? 'read' : 'write';
}
function bearerIn(challenges) {
    return challenges.find(({ scheme, parameters }) => scheme === 'bearer' && parameters.realm);
}
/** Nothing was written, and the token for the next try is there. */
function tooLate({ step }) {
    return new WriteRefusedError(`Cannot ${step}: signing in took so long that what was to be written may be stale`, {
        temporary: true,
        mayHaveApplied: false,
    });
}

;// CONCATENATED MODULE: external "node:https"
const external_node_https_namespaceObject = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:https");
// EXTERNAL MODULE: external "node:dns"
var external_node_dns_ = __nccwpck_require__(610);
;// CONCATENATED MODULE: ./lib/oci/registry/origins/guarded-lookup.js



/**
 * Looks up a name that a registry sends us to, and fails if it stands for a link-local address: what may not be written as
 * an address may not be hidden behind a name either. The connection is made with the very addresses that were checked.
 * @param lookup how names are looked up
 */
function guardedLookup(lookup = external_node_dns_.lookup) {
    return (hostname, options, callback) => {
        lookup(hostname, options, (error, found, family) => {
            const addresses = typeof found === 'string' ? [found] : (found ?? []).map(({ address }) => address);
            callback(!error && addresses.some(isLinkLocalAddress) ? guarded_lookup_refused(hostname) : error, found, family);
        });
    };
}
function guarded_lookup_refused(hostname) {
    return new errors/* UserError */.yo(`Cannot connect to ${hostname}: the name stands for a link-local address`, {
        hint: 'ask whoever runs the registry to correct the address that it sends us to',
    });
}

;// CONCATENATED MODULE: ./lib/oci/registry/proxies/no-proxy.js

/**
 * Whether `no_proxy` lists the host of a URL, as curl, Go and Python's requests read it: entries are divided by commas or
 * blanks, and what cannot be read is passed over.
 * - `example.com`: the host and all below it; `.example.com` and `*.example.com`: all below it
 * - `10.0.0.5`, `::1`: an address, in whichever notation; `10.0.0.0/8`, `fd00::/8`: all in that range. Names are not looked up
 * - a port behind either, as in `example.com:8443` or `[::1]:8443`: that port only
 * - `*`: every host
 */
function isExempt(url, list) {
    const host = url.hostname
        .toLowerCase()
        .replace(/^\[|\]$/g, '')
        .replace(/\.$/, '');
    const port = url.port || (url.protocol === 'https:' ? '443' : '80');
    return list
        .toLowerCase()
        .split(/[\s,]+/)
        .some((entry) => entry === '*' || isInRange(host, entry) || isNamed(host, port, entry));
}
function isInRange(host, entry) {
    const [, net = '', bits = ''] = /^(.+)\/(\d{1,3})$/.exec(entry) ?? [];
    const address = net.replace(/^\[|\]$/g, '');
    const family = (0,external_node_net_.isIP)(address);
    if (family === 0 || Number(bits) > (family === 6 ? 128 : 32))
        return false;
    const range = new external_node_net_.BlockList();
    range.addSubnet(address, Number(bits), family === 6 ? 'ipv6' : 'ipv4');
    return holds(range, host);
}
function isNamed(host, port, entry) {
    // An address of IPv6 without brackets has colons and no port.
    const [, named = entry, only] = (0,external_node_net_.isIP)(entry) === 6 ? [] : (/^(.*?)(?::(\d+))?$/.exec(entry) ?? []);
    const name = named.replace(/^\[|\]$/g, '').replace(/\.$/, '');
    if (name === '' || (only !== undefined && only !== port))
        return false;
    const family = (0,external_node_net_.isIP)(name);
    if (family !== 0) {
        const one = new external_node_net_.BlockList();
        one.addAddress(name, family === 6 ? 'ipv6' : 'ipv4');
        return holds(one, host);
    }
    if ((0,external_node_net_.isIP)(host) !== 0)
        return false;
    const suffix = name.replace(/^\*?\./, '.');
    return host === name || host.endsWith(suffix.startsWith('.') ? suffix : `.${suffix}`);
}
function holds(range, host) {
    const family = (0,external_node_net_.isIP)(host);
    return family !== 0 && range.check(host, family === 6 ? 'ipv6' : 'ipv4');
}

;// CONCATENATED MODULE: ./lib/oci/registry/proxies/proxy.js


/**
 * The proxy that the environment names for a URL, by the rules that GitHub's own actions follow: `https_proxy` or
 * `HTTPS_PROXY` for https, `http_proxy` or `HTTP_PROXY` for http, unless `no_proxy` lists the host, which may name ranges of
 * addresses here and not there; loopback is always direct. A proxy written without a scheme (`proxy.corp:8080`) counts as
 * http.
 * @throws UsageError if the variable holds no http or https address. Its value is not shown, it may hold a password.
 */
function proxyFor(url, env) {
    if (proxy_isLoopback(url) || isExempt(url, env.no_proxy || env.NO_PROXY || ''))
        return undefined;
    const names = url.protocol === 'https:' ? ['https_proxy', 'HTTPS_PROXY'] : ['http_proxy', 'HTTP_PROXY'];
    const name = names.find((each) => env[each]);
    const text = name === undefined ? '' : (env[name] ?? '').trim();
    if (name === undefined || text === '')
        return undefined;
    const written = /^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `http://${text}`;
    if (!URL.canParse(written) || !/^https?:\/\/[^/]/i.test(written)) {
        throw new errors/* UsageError */.eb(`Cannot use the proxy in ${name}: expected http://host:port, or https://host:port`, {
            hint: `correct the environment variable ${name}, or unset it`,
        });
    }
    const proxy = new URL(written);
    const { username, password } = proxy;
    return { url: new URL(proxy.origin), authorization: username || password ? basic(username, password) : undefined };
}
function basic(username, password) {
    return `Basic ${Buffer.from(`${proxy_decoded(username)}:${proxy_decoded(password)}`).toString('base64')}`;
}
function proxy_decoded(text) {
    try {
        return decodeURIComponent(text);
    }
    catch {
        // A password with a bare % in it: taken as it stands.
        return text;
    }
}
function proxy_isLoopback({ hostname }) {
    return hostname === 'localhost' || hostname.startsWith('127.') || hostname === '[::1]';
}

;// CONCATENATED MODULE: ./lib/oci/registry/proxies/tunnel.js


/** The proxy itself failed or refused, before the registry was reached. `status`: what it answered, if it did. */
class ProxyFailure extends Error {
    name = 'ProxyFailure';
    proxy;
    status;
    constructor(proxy, status, options) {
        super(status === undefined ? `no connection to ${proxy.host}` : `${proxy.host} answered ${status}`, options);
        this.proxy = proxy.host;
        this.status = status;
    }
}
/**
 * TLS connections through a proxy, kept open between requests like those of any agent. The agent that
 * `@actions/http-client` makes for proxies opens a new tunnel for every request and warns of deprecation with a
 * proxy that wants a password.
 */
class TunnelAgent extends external_node_https_namespaceObject.Agent {
    #proxy;
    constructor(proxy) {
        super({ keepAlive: true });
        this.#proxy = proxy;
    }
    createConnection(options, connected = () => { }) {
        const { url, authorization } = this.#proxy;
        const failed = connected;
        const { host, port, timeout } = options;
        const authority = `${host?.includes(':') ? `[${host}]` : host}:${port ?? 443}`;
        const tunnel = {
            method: 'CONNECT',
            path: authority,
            headers: { host: authority, ...(authorization === undefined ? {} : { 'proxy-authorization': authorization }) },
            agent: false,
            ...(timeout === undefined ? {} : { timeout }),
        };
        const request = (url.protocol === 'https:' ? external_node_https_namespaceObject : external_node_http_).request(url, tunnel);
        request.once('connect', (response, socket) => {
            if (response.statusCode === 200) {
                connected(null, super.createConnection({ ...options, socket }));
                return;
            }
            socket.destroy();
            failed(new ProxyFailure(url, response.statusCode));
        });
        request.once('timeout', () => request.destroy(new Error('it kept silent')));
        request.once('error', (cause) => failed(new ProxyFailure(url, undefined, { cause })));
        request.end();
        return undefined;
    }
}

;// CONCATENATED MODULE: ./lib/oci/registry/transport/connections.js





/** Connections that are kept open between requests, straight or through the proxies that the environment names. */
class Connections {
    #env;
    #log;
    #lookup;
    #agents = new Map();
    /** @param lookup how names are looked up that a registry sends us to; the system's way unless given */
    constructor(env, log, lookup) {
        this.#env = env;
        this.#log = log;
        this.#lookup = guardedLookup(lookup);
    }
    /**
     * @param sent whether a registry sends us there: then its name may not stand for a link-local address. A proxy looks
     * names up itself. The same for every request to an origin, since they share connections.
     */
    wayTo(url, sent = false) {
        const secure = url.protocol === 'https:';
        const proxy = proxyFor(url, this.#env);
        const headers = { host: url.host };
        const path = `${url.pathname}${url.search}`;
        const direct = { transport: secure ? external_node_https_namespaceObject : external_node_http_, peer: url, path, headers };
        if (!proxy) {
            const way = { ...direct, agent: this.#agent(url.protocol, () => straight(secure)) };
            return sent ? { ...way, lookup: this.#lookup } : way;
        }
        const name = `${url.protocol} ${proxy.url.href}`;
        const { host } = proxy.url;
        if (secure) {
            const agent = this.#agent(name, () => this.#announced(proxy, new TunnelAgent(proxy)));
            return { ...direct, agent, proxy: host };
        }
        const overTls = proxy.url.protocol === 'https:';
        return {
            transport: overTls ? external_node_https_namespaceObject : external_node_http_,
            peer: proxy.url,
            path: `${url.origin}${path}`,
            proxy: host,
            agent: this.#agent(name, () => this.#announced(proxy, straight(overTls))),
            headers: {
                ...headers,
                ...(proxy.authorization === undefined ? {} : { 'proxy-authorization': proxy.authorization }),
            },
        };
    }
    /** Ends every connection, those in use too. */
    close() {
        for (const agent of this.#agents.values())
            agent.destroy();
        this.#agents.clear();
    }
    #agent(name, make) {
        const found = this.#agents.get(name) ?? make();
        this.#agents.set(name, found);
        return found;
    }
    #announced(proxy, agent) {
        this.#log.info(`Connecting through the proxy ${proxy.url.host}`);
        return agent;
    }
}
function straight(secure) {
    return secure ? new external_node_https_namespaceObject.Agent({ keepAlive: true }) : new external_node_http_.Agent({ keepAlive: true });
}

;// CONCATENATED MODULE: ./lib/oci/registry/transport/network-failure.js









/** The other side said nothing for as long as we wait. */
class SilenceError extends Error {
    name = 'SilenceError';
}
/**
 * An error of the network in words, with the cure if there is one.
 * @param step what was being done
 * @param url where
 */
function unanswered(error, step, url, where = {}) {
    const { registry, proxy } = where;
    const code = codeOf(error);
    const { state, hint, temporary } = diagnose(error, code, url, proxy);
    const sentBy = registry && !sameOrigin(registry, url) ? registry : undefined;
    const elsewhere = sentBy && !(error instanceof ProxyFailure) ? sentElsewhere(sentBy, url, code) : undefined;
    return new UnansweredError(`Cannot ${step}: ${state}`, { cause: error, hint: elsewhere ?? hint, temporary, code });
}
/** What is said of the address of the registry is of no use for one that the registry named. */
function sentElsewhere(from, to, code) {
    const stray = strayHint(from, to);
    if (stray !== undefined)
        return stray;
    if (code === undefined || UNTRUSTED.test(code))
        return undefined;
    return `${from.host} sends us there: let this machine reach ${to.origin}, or ask whoever runs ${from.host}`;
}
function diagnose(error, code, url, proxy) {
    const { host, hostname, protocol } = url;
    if (error instanceof ProxyFailure)
        return proxyDiagnosis(error, host, 'https_proxy');
    if (proxy !== undefined && protocol === 'http:' && isConnectFailure(error, code)) {
        const failure = new ProxyFailure(new URL(`http://${proxy}`), undefined, { cause: error });
        return proxyDiagnosis(failure, host, 'http_proxy');
    }
    const through = proxy === undefined ? '' : ` through the proxy ${proxy}`;
    if (error instanceof SilenceError) {
        const hint = 'run again; what was uploaded is not sent twice';
        return { state: `${host} kept silent${through}`, hint, temporary: true };
    }
    if (error instanceof TooSlowError) {
        return { state: `${host} does not come to the end of its answer${through}`, hint: 'run again', temporary: true };
    }
    if (code === undefined) {
        return { state: `the connection to ${host}${through} failed`, hint: undefined, temporary: false };
    }
    if (UNTRUSTED.test(code)) {
        return { state: `the certificate of ${host} is not trusted (${code})`, hint: OWN_AUTHORITY, temporary: false };
    }
    if (code === 'CERT_HAS_EXPIRED' || code === 'CERT_NOT_YET_VALID' || code === 'ERR_TLS_CERT_ALTNAME_INVALID') {
        return {
            state: `the certificate of ${host} is not valid (${code})`,
            hint: 'check the name of the registry and the clock of this machine; the certificate can only be renewed by whoever runs the registry',
            temporary: false,
        };
    }
    if (code === 'ENOTFOUND' || UNREACHED.test(code))
        return unreached(code, hostname);
    if (code === 'EPROTO' || code.startsWith('ERR_SSL_')) {
        const plain = /wrong.version.number|packet.length.too.long/i.test(`${code} ${error}`);
        return {
            state: `${host} does not speak TLS as we do (${code})`,
            hint: plain ? `for a registry without TLS, write http://${host} as the registry` : undefined,
            temporary: false,
        };
    }
    if (code.startsWith('HPE_')) {
        return {
            state: `${host} does not answer in HTTP (${code})`,
            hint: protocol === 'http:' ? `for a registry with TLS, write https://${host} as the registry` : undefined,
            temporary: false,
        };
    }
    if (code === 'ECONNREFUSED') {
        return { state: `${host} takes no connections`, hint: 'check that the registry is running', temporary: true };
    }
    // Node's own reasons are about what we asked for, and stay.
    const temporary = !code.startsWith('ERR_') || code === 'ERR_STREAM_PREMATURE_CLOSE';
    return { state: `the connection to ${host}${through} broke (${code})`, hint: undefined, temporary };
}
const UNTRUSTED = /^(?:UNABLE_TO_|SELF_SIGNED_CERT|DEPTH_ZERO_SELF_SIGNED_CERT|CERT_UNTRUSTED|CERT_SIGNATURE_FAILURE)/;
const OWN_AUTHORITY = 'if the registry, or a proxy on the way, uses an authority of your own, put the path of its certificate (PEM) into the environment variable NODE_EXTRA_CA_CERTS of the job or of the runner: Node reads it when it starts';
/** Nothing was found out about the other side: the way there is closed, or the name server does not answer. */
const UNREACHED = /^(?:EAI_AGAIN|EAI_FAIL|ENETUNREACH|ENETDOWN|EHOSTUNREACH|EHOSTDOWN|EADDRNOTAVAIL|ETIMEDOUT|EACCES|EPERM)$/;
/** What Node's TCP and name look-up say before anything was sent. */
const BEFORE_CONNECTING = /^(?:ECONNREFUSED|ENOTFOUND|EAI_\w+|ENETUNREACH|ENETDOWN|EHOSTUNREACH|EHOSTDOWN|ETIMEDOUT)$/;
function isConnectFailure(error, code) {
    const call = typeof error === 'object' && error !== null && 'syscall' in error ? error.syscall : undefined;
    if (call === 'connect' || call === 'getaddrinfo')
        return true;
    // Of several addresses that were tried Node gives all errors in one, without the call.
    return error instanceof AggregateError && code !== undefined && BEFORE_CONNECTING.test(code);
}
function unreached(code, hostname) {
    const online = 'check that this machine is online';
    const temporary = code !== 'ENOTFOUND';
    const surely = isWellKnown(hostname);
    if (code === 'ENOTFOUND' && !surely) {
        const hint = `check the spelling of the registry; if it is right, ${online} and that its DNS knows the name (a VPN may be needed)`;
        return { state: `there is no host ${hostname} for this machine (${code})`, hint, temporary };
    }
    if (code === 'ENOTFOUND' || code.startsWith('EAI_')) {
        const state = `this machine cannot look up ${hostname} (${code}): it seems to be offline, or its DNS fails`;
        return { state, hint: `${online} and that its DNS works, then run again`, temporary };
    }
    if (code === 'EACCES' || code === 'EPERM') {
        const hint = `let the firewall or sandbox of this machine allow connections to ${hostname}`;
        return { state: `this machine forbids the connection to ${hostname} (${code})`, hint, temporary };
    }
    if (code === 'ETIMEDOUT') {
        const hint = `${online} and that no firewall keeps it from ${hostname}, then run again`;
        return { state: `${hostname} cannot be reached (${code})`, hint, temporary };
    }
    const state = `this machine has no way to ${hostname} (${code})${surely ? ': it seems to be offline' : ''}`;
    return {
        state,
        hint: `${online} and can reach ${hostname} (over a VPN or a proxy, if need be), then run again`,
        temporary,
    };
}
function proxyDiagnosis(error, host, variable) {
    const { proxy, status } = error;
    if (status === 407) {
        return {
            state: `the proxy ${proxy} wants a user and a password`,
            hint: credentialsCure(proxy, variable),
            temporary: false,
        };
    }
    if (status !== undefined) {
        return {
            state: `the proxy ${proxy} answered ${status} when asked for ${host}`,
            hint: status >= 500 ? gatewayCure(proxy, host) : passCure(proxy, host),
            temporary: isTemporary(status),
        };
    }
    const code = codeOf(error.cause);
    const why = code === undefined ? '' : ` (${code})`;
    if (code !== undefined && UNTRUSTED.test(code)) {
        return {
            state: `the certificate of the proxy ${proxy} is not trusted${why}`,
            hint: OWN_AUTHORITY,
            temporary: false,
        };
    }
    return {
        state: `the proxy ${proxy} cannot be reached${why}`,
        hint: `check the environment variable ${variable} (or ${variable.toUpperCase()}) and that the proxy is running, or unset the variable`,
        temporary: code !== 'ENOTFOUND',
    };
}

;// CONCATENATED MODULE: ./lib/oci/registry/transport/exchange.js




/** The bytes to be sent could not be read: no fault of the network. */
class SourceFailure extends Error {
    name = 'SourceFailure';
}
/**
 * One request and the head of its answer. All that goes wrong on the way is dealt with here: a source that breaks off,
 * runs short or over aborts the request, so that the registry never takes a part for the whole; an answer that comes
 * early stops the sending; silence, not total time, times out.
 * @throws the signal's reason, SourceFailure, SilenceError, TooSlowError, or Node's error
 */
async function exchange(way, outgoing) {
    const { transport, peer, path, agent, headers, lookup } = way;
    const { method, body, silence, longestHead } = outgoing;
    // Its own, since any number of requests may be under way under one.
    const signal = anySignal(outgoing.signal, undefined);
    signal.throwIfAborted();
    const length = body || method === 'POST' || method === 'PUT' ? { 'content-length': `${body?.size ?? 0}` } : {};
    return new Promise((resolve, reject) => {
        const options = { method, path, agent, timeout: silence, headers: { ...headers, ...outgoing.headers, ...length } };
        const request = transport.request(peer, lookup ? { ...options, lookup } : options);
        let answer;
        const give = (reason) => {
            reject(reason);
            const error = reason instanceof Error ? reason : new Error('aborted', { cause: reason });
            if (answer)
                answer.destroy(error);
            request.destroy(error);
        };
        const aborted = () => give(signal.reason);
        signal.addEventListener('abort', aborted, { once: true });
        const late = setTimeout(() => give(new TooSlowError(`no answer in ${longestHead / 1000} s`)), longestHead);
        const onProgress = (bytes) => {
            if (!answer)
                late.refresh();
            outgoing.onProgress?.(bytes);
        };
        request.once('close', () => {
            clearTimeout(late);
            signal.removeEventListener('abort', aborted);
            // Node closes the connection without a word when the answer is 101: nobody asked for another protocol.
            reject(Object.assign(new Error('closed without an answer'), { code: 'ECONNRESET' }));
        });
        request.once('timeout', () => give(new SilenceError(`no byte in ${silence / 1000} s`)));
        request.on('error', reject);
        const stop = body ? exchange_sendBody(request, body, onProgress, give) : undefined;
        request.once('response', (response) => {
            clearTimeout(late);
            answer = response;
            // Whoever reads the body learns of its errors; without a listener they would end the process.
            response.on('error', () => { });
            if (!request.writableEnded)
                stop?.(response);
            const { statusCode: status = 0, headers: received, headersDistinct } = response;
            const challenges = headersDistinct['www-authenticate'] ?? [];
            resolve({ status, headers: received, challenges, body: response });
        });
        if (!body)
            request.end();
    });
}
/**
 * Sends exactly the bytes that were announced, and tells how many have gone. Pieces go from the source to the socket as
 * they are, the next when the system has taken the one before: what is on its way meanwhile keeps the wire busy.
 * @returns what to do when the answer comes before everything was sent
 */
function exchange_sendBody(request, { size, pieces }, onProgress, give) {
    let stopped = false;
    let goOn = () => { };
    const stop = () => {
        stopped = true;
        goOn();
    };
    const taken = (piece, last) => new Promise((resolve) => {
        goOn = resolve;
        // The end goes with the last bytes: behind them it might come after the answer, which would cost the connection.
        if (last)
            request.end(piece, () => resolve());
        else
            request.write(piece, () => resolve());
    });
    const send = async () => {
        let gone = 0;
        for await (const piece of pieces()) {
            if (stopped)
                return;
            gone += piece.length;
            if (gone > size)
                throw new errors/* UserError */.yo(`Cannot send ${size} bytes: the source has more`);
            onProgress(gone);
            await taken(piece, gone === size);
            if (stopped)
                return;
        }
        if (gone < size)
            throw new errors/* UserError */.yo(`Cannot send ${size} bytes: the source ended after ${gone}`);
        if (size === 0)
            request.end();
    };
    onProgress(0);
    request.once('close', stop);
    send().catch((cause) => give(new SourceFailure('the bytes to send cannot be read', { cause })));
    return (response) => {
        stop();
        // The registry waits for bytes that will not come: this connection is of no more use.
        response.once('close', () => request.destroy());
    };
}

;// CONCATENATED MODULE: ./lib/oci/registry/transport/registry-warnings.js
/** A registry has nothing to say that needs more. */
const registry_warnings_MOST = 10;
/**
 * What a registry wants its users to know (a pending removal, a full quota): shown once each, never acted upon.
 * @see https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#warnings
 */
class RegistryWarnings {
    #log;
    #shown = new Set();
    constructor(log) {
        this.#log = log;
    }
    /** @param header the `Warning` header, several of them joined with commas */
    show(header, host) {
        for (const text of parseWarnings(header)) {
            if (this.#shown.has(text) || this.#shown.size >= registry_warnings_MOST)
                continue;
            this.#shown.add(text);
            this.#log.warning(`${host} says: ${text}`);
        }
    }
}
/** The texts with code 299 and no agent, which is all the spec allows. */
function parseWarnings(header) {
    const found = (header ?? '').matchAll(/(?:^|,)\s*299 - "((?:[^"\\]|\\.)*)"/g);
    return [...found].map(([, text = '']) => text.replace(/\\(.)/g, '$1').trim()).filter(Boolean);
}

;// CONCATENATED MODULE: ./lib/oci/registry/transport/wire.js
/** Sends requests and follows redirects; credentials stay with the origin they belong to. */









const MOST_HOPS = 10;
/** Requests over the network: redirects by hand, credentials bound to an origin, errors in words. Repeats nothing. */
class Wire {
    #options;
    #warnings;
    constructor(options) {
        this.#options = options;
        this.#warnings = new RegistryWarnings(options.log);
    }
    /** @throws the signal's reason, UnansweredError, or what the body's source threw */
    async send(message) {
        const { registry, connections } = this.#options;
        let { url, authorization } = message;
        for (let hops = 0;; hops += 1) {
            const way = connections.wayTo(url, !sameOrigin(url, registry));
            const incoming = await this.#hop(message, url, authorization, way);
            const next = redirectOf(message, incoming, url);
            if (!next)
                return this.#replyOf(message, incoming, url, way.proxy);
            incoming.body.destroy();
            if (hops === MOST_HOPS)
                throw new errors/* UserError */.yo(`Cannot ${message.step}: ${url.host} redirects without end`);
            checkDestination(next, registry, `${message.step} at another address`);
            if (!sameOrigin(next, message.url)) {
                authorization = undefined;
                if (message.redirects === 'own') {
                    throw new errors/* UserError */.yo(`Cannot ${message.step}: ${url.host} redirects to ${next.host}, which gets no secrets`);
                }
            }
            url = next;
        }
    }
    async #hop(message, url, authorization, way) {
        const { registry, userAgent, log, clock, patience } = this.#options;
        const { method, body, onProgress, step, signal, blob = false } = message;
        const silence = blob ? patience.silenceAfterBlob : patience.silence;
        const headers = {
            'user-agent': userAgent,
            ...message.headers,
            ...(authorization === undefined ? {} : { authorization }),
        };
        const began = clock.now();
        const tell = (outcome) => {
            const sent = body ? `, ${(0,size/* sizeText */.l)(body.size)} sent` : '';
            log.debug(`${method} ${redacted(url)}: ${outcome}, ${clock.now() - began} ms${sent}`);
        };
        try {
            const longestHead = silence + patience.longestAnswer;
            const outgoing = { method, headers, body, onProgress, silence, longestHead, signal };
            const incoming = await exchange(way, outgoing);
            const length = incoming.headers['content-length'];
            tell(`${incoming.status}${length === undefined ? '' : `, ${length} bytes`}`);
            if (sameOrigin(url, registry))
                this.#warnings.show(incoming.headers.warning, registry.host);
            return incoming;
        }
        catch (error) {
            tell('no answer');
            throw failureOf(error, step, { url, registry, proxy: way.proxy }, signal);
        }
    }
    #replyOf({ step, signal }, incoming, url, proxy) {
        const { registry, patience } = this.#options;
        const { longestAnswer } = patience;
        const read = async (limit) => {
            try {
                return await readBody(incoming.body, limit, longestAnswer);
            }
            catch (error) {
                if (error instanceof TooLongError) {
                    throw new DocumentError(`Cannot ${step}: ${url.host} answered with ${error.message}`);
                }
                throw failureOf(error, step, { url, registry, proxy }, signal);
            }
        };
        let explanation;
        const beginning = () => {
            explanation ??= readBeginning(incoming.body, longestAnswer);
            return explanation;
        };
        return { ...incoming, url, proxy, read, beginning };
    }
}
/** Where to go on, if the answer is a redirect that may be followed with this method. */
function redirectOf({ method, redirects }, { status, headers }, url) {
    const { location } = headers;
    if (redirects === 'none' || location === undefined || ![301, 302, 303, 307, 308].includes(status))
        return undefined;
    // Another method in place of ours would lose the body and pretend success.
    const keeps = status === 307 || status === 308 || method === 'GET' || method === 'HEAD';
    return keeps ? resolveUrl(location, url) : undefined;
}
function failureOf(error, step, where, signal) {
    if (signal.aborted)
        return signal.reason;
    if (error instanceof SourceFailure)
        return error.cause;
    if (error instanceof errors/* UserError */.yo)
        return error;
    return unanswered(error, step, where.url, where);
}

;// CONCATENATED MODULE: ./lib/oci/registry/registry-store.js

















/** Characters of a secret that would be cut where texts are, and is no word that a registry uses, as `wrong` may be. */
const LONG = 16;
/**
 * A registry that speaks the OCI distribution spec.
 * @see https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md
 */
class RegistryStore {
    label;
    #narrower;
    #connections;
    #readOnly;
    /** What is said under each of our names. */
    #sessions = new Map();
    #sessionOf;
    #session;
    #habits = { singlePost: true, mount: true, lend: true };
    #repositories = new Map();
    constructor(options) {
        const { host, scheme, credentials, log, env, patience = PATIENCE } = options;
        const registry = new URL(`${scheme}://${host}`);
        const connections = new Connections(env, log);
        const wire = new Wire({ ...options, registry, connections, patience });
        const repeater = new Repeater({ ...options, patience });
        const secrets = new Redactor(LONG);
        const refusals = new Refusals({ ...options, registry, secrets });
        const masker = {
            mask: (secret) => {
                secrets.mask(secret);
                options.masker.mask(secret);
            },
        };
        this.label = host;
        this.#narrower = options.narrower ?? [];
        this.#readOnly = options.readOnly;
        this.#connections = connections;
        this.#sessionOf = (own) => {
            const renew = own === options.credentials ? options.renew : undefined;
            const identity = new Identity({ ...options, credentials: own, renew, masker });
            const parts = { ...options, registry, wire, repeater, refusals };
            const signed = new SignedWire({ ...parts, identity, masker });
            return { signed, http: new Http({ ...parts, signed }) };
        };
        this.#session = this.#sessionWith(credentials);
    }
    /** How readers sign in here; known after the first answer. */
    get signIn() {
        const known = [...this.#sessions.values()].find(({ signed }) => signed.signIn !== 'unknown');
        return (known ?? this.#session).signed.signIn;
    }
    repository(name) {
        const found = this.#repositories.get(name);
        if (found)
            return found;
        const own = this.#narrower.find(({ path }) => isWithin(name, path));
        const { http } = own ? this.#sessionWith(own.credentials) : this.#session;
        const made = new RegistryRepository(name, http, this.#habits, this.#readOnly ? this.label : undefined);
        this.#repositories.set(name, made);
        return made;
    }
    /** As far as the registry tells. @throws UserError if it keeps that to itself */
    async repositories(options = {}) {
        options.signal?.throwIfAborted();
        return listCatalog(this.#session.http, options);
    }
    #sessionWith(credentials) {
        const session = this.#sessions.get(credentials) ?? this.#sessionOf(credentials);
        this.#sessions.set(credentials, session);
        return session;
    }
    /** Ends all connections. */
    close() {
        this.#connections.close();
    }
}
class RegistryRepository {
    name;
    #http;
    #blobs;
    #manifests;
    #readOnly;
    /** @param readOnly the registry's label, if nothing may be written to it */
    constructor(name, http, habits, readOnly) {
        this.name = name;
        this.#http = http;
        this.#blobs = new Blobs(http, name, habits);
        this.#manifests = new Manifests(http, name);
        this.#readOnly = readOnly;
    }
    async putBlob(blob, bytes, options = {}) {
        this.#beforeWriting(options);
        return this.#blobs.put(blob, bytes, options);
    }
    async hasBlob(blob, options = {}) {
        options.signal?.throwIfAborted();
        return this.#blobs.has(blob, options);
    }
    async openBlob(blob, options = {}) {
        options.signal?.throwIfAborted();
        return this.#blobs.open(blob, options);
    }
    async openBlobRange(blob, range, options = {}) {
        options.signal?.throwIfAborted();
        return this.#blobs.openRange(blob, range, options);
    }
    async getManifest(reference, options = {}) {
        options.signal?.throwIfAborted();
        return this.#manifests.get(reference, options);
    }
    async hasManifest(digest, options = {}) {
        options.signal?.throwIfAborted();
        return this.#manifests.has(digest, options);
    }
    async putManifest(document, options = {}) {
        this.#beforeWriting(options);
        await this.#remembering(() => this.#manifests.put(document, options));
    }
    async putTag(tag, document, options = {}) {
        this.#beforeWriting(options);
        await this.#remembering(() => this.#manifests.tag(tag, document, options));
    }
    async deleteManifest(digest, options = {}) {
        this.#beforeWriting(options);
        return this.#manifests.delete(digest, options);
    }
    async deleteTag(tag, options = {}) {
        this.#beforeWriting(options);
        return this.#manifests.delete(tag, options);
    }
    async tags(options = {}) {
        options.signal?.throwIfAborted();
        return listTags(this.#http, this.name, options);
    }
    async resolveTag(tag, options = {}) {
        options.signal?.throwIfAborted();
        return this.#manifests.resolve(tag, options);
    }
    async referrers(subject, artifactType, options = {}) {
        options.signal?.throwIfAborted();
        return listReferrers(this.#http, this.name, subject, artifactType, options);
    }
    #beforeWriting({ signal }) {
        signal?.throwIfAborted();
        if (this.#readOnly === undefined)
            return;
        throw new errors/* UserError */.yo(`Cannot write to ${this.#readOnly}: it was opened for reading only`);
    }
    /** A blob that turns out to be missing is not taken for present the next time. */
    async #remembering(write) {
        try {
            await write();
        }
        catch (error) {
            if (error instanceof MissingReferenceError)
                this.#blobs.forget(error.missing);
            throw error;
        }
    }
}

;// CONCATENATED MODULE: ./lib/run/credentials.js

/**
 * Who we are to the registry. In this order: `username` and `password`; what `docker login` or `podman login` keeps;
 * `github-token`, which is for GitHub's own registry of the job's server and for nobody else; nobody.
 *
 * A file of those commands that is of no use is an error. Where `github-token` can do it, it is a notice: somebody else on
 * the machine may have left the file.
 * @throws UsageError if there is a password but no user to it
 * @throws UnusableAuthFileError
 */
async function chooseCredentials(context) {
    const { login, host, log } = context;
    if (login.password !== undefined)
        return withPassword(login.password, context);
    const { credentials, narrower, unusable } = await context.kept();
    const broken = unusable.find(({ harmless }) => !harmless);
    const token = credentials && !broken ? undefined : await jobToken(context);
    if (broken && !token)
        throw broken;
    const chosen = credentials ?? token ?? { kind: 'anonymous' };
    for (const file of unusable)
        say(file, chosen, log);
    if (chosen.kind === 'anonymous' && !narrower.length)
        log.info(`No credentials for ${host}: going on without signing in`);
    return chosen;
}
/**
 * What to sign in with after credentials were refused: `github-token`, if they were kept by a login command, which may
 * have been long ago, and not given to this run. The log says so.
 */
async function credentialsInstead(context, refused) {
    const { login, host, log } = context;
    if (login.password !== undefined || refused.kind === 'anonymous' || isJobToken(refused))
        return undefined;
    const token = await jobToken(context);
    if (token) {
        log.notice(`${host} does not accept the credentials from ${refused.source}: signing in with ${token.source} instead`);
    }
    return token;
}
/**
 * What a login command keeps by now in place of credentials that it kept and that are refused. Never throws: what is wrong
 * with its files was said when the store was opened.
 * @returns `undefined` if they are the same, or were given to this run
 */
async function renewedCredentials(context, refused) {
    const { login, host, log } = context;
    if (login.password !== undefined || refused.kind === 'anonymous' || isJobToken(refused))
        return undefined;
    const kept = await context.kept().catch(() => undefined);
    const credentials = kept?.credentials;
    if (!credentials || credentials.kind === 'anonymous' || sameSecret(credentials, refused))
        return undefined;
    log.info(`${host} no longer accepts the credentials from ${refused.source}: reading them again`);
    return credentials;
}
function sameSecret(one, other) {
    const secretOf = (credentials) => credentials.kind === 'basic'
        ? `${credentials.username}:${credentials.password}`
        : credentials.kind === 'identity-token'
            ? credentials.token
            : '';
    return secretOf(one) === secretOf(other);
}
function say(file, chosen, log) {
    if (chosen.kind === 'anonymous')
        log.info(`${file.told}: going on without it`);
    else
        log.notice(`${file.told}; signing in with ${chosen.source} instead`);
}
/** The job's token as credentials, where it may go. */
async function jobToken(context) {
    const { login, actor } = context;
    if (login.githubToken === undefined || !(await isOwn(context)))
        return undefined;
    const username = actor ?? 'github-actions';
    return { kind: 'basic', username, password: login.githubToken, source: 'github-token', ownHostOnly: true };
}
function isJobToken(credentials) {
    return credentials.kind === 'basic' && credentials.ownHostOnly === true;
}
async function withPassword(password, context) {
    const { login, host, actor, spelled } = context;
    if (login.username !== undefined) {
        return {
            kind: 'basic',
            username: login.username,
            password,
            source: `${spelled('username')} and ${spelled('password')}`,
        };
    }
    if (actor !== undefined && (await isOwn(context))) {
        return { kind: 'basic', username: actor, password, source: `${spelled('password')}, as the actor of the run` };
    }
    throw new errors/* UsageError */.eb(`Cannot sign in to ${host}: ${spelled('password')} is given without ${spelled('username')}`, {
        hint: `give both ${spelled('username')} and ${spelled('password')}; only on GitHub's own registry the user is known, from the job`,
    });
}
/** A server that does not say which registry is its own gets no token sent to any. */
async function isOwn({ onGitHub, log }) {
    try {
        return await onGitHub();
    }
    catch (error) {
        log.notice(`The job's token is left out: ${(0,errors/* explain */.WE)(error)}`);
        return false;
    }
}

// EXTERNAL MODULE: external "node:child_process"
var external_node_child_process_ = __nccwpck_require__(1421);
;// CONCATENATED MODULE: ./lib/run/machine/credential-helper.js


/** In milliseconds. */
const credential_helper_PATIENCE = 10_000;
/** In bytes; an answer is a line of JSON. */
const LARGEST_ANSWER = 64 * 1024;
/**
 * Runs a credential helper of Docker as it is found on the PATH, without a shell. What it writes to stderr is dropped:
 * the protocol has its errors on stdout.
 */
async function runHelper(name, stdin, patience = credential_helper_PATIENCE) {
    const program = `docker-credential-${name}`;
    const child = (0,external_node_child_process_.spawn)(program, ['get'], {
        env: process.env,
        stdio: ['pipe', 'pipe', 'ignore'],
        windowsHide: true,
    });
    let stdout = '';
    let trouble;
    const stop = (why) => {
        trouble ??= why;
        child.kill('SIGKILL');
        // A grandchild may hold the other end open for as long as it likes.
        child.stdout.destroy();
    };
    const timer = setTimeout(() => stop(`it gave no answer within ${patience / 1000} s`), patience);
    child.stdout.setEncoding('utf8').on('data', (text) => {
        stdout += text;
        if (stdout.length > LARGEST_ANSWER)
            stop(`it printed more than ${LARGEST_ANSWER} bytes`);
    });
    child.stdin.on('error', () => {
        // A helper may end without reading what it was asked; its exit code says the rest.
    });
    child.stdin.end(stdin);
    try {
        const code = await new Promise((resolve, reject) => {
            child.once('error', reject).once('close', resolve);
        });
        if (trouble !== undefined)
            throw credential_helper_failed(program, trouble);
        return { code: code ?? 1, stdout };
    }
    catch (cause) {
        if (cause instanceof errors/* UserError */.yo)
            throw cause;
        if (isAbsent(cause))
            return undefined;
        throw credential_helper_failed(program, 'it cannot be started', cause);
    }
    finally {
        clearTimeout(timer);
    }
}
function isAbsent(error) {
    return typeof error === 'object' && error !== null && 'code' in error && error.code === 'ENOENT';
}
function credential_helper_failed(program, state, cause) {
    return new errors/* UserError */.yo(`Cannot get credentials from ${program}: ${state}`, {
        cause,
        hint: `try "${program} get" in a terminal, or give user name and password directly`,
    });
}

;// CONCATENATED MODULE: ./lib/run/open-store.js
/** Opens the folder or registry that a place names, under the credentials that belong to it. */








/**
 * Opens the folder or registry that a place names. A registry is not asked for anything yet.
 * @param access `readOnly`: ask for the right to pull only; `deletes`: for that to delete, too; `lasting`: what login
 * commands keep is read again when it is refused, since it may have been renewed meanwhile; `bareTags`: a folder may be
 * one that names tags without a repository
 * @throws UserError if GitHub's registry cannot be found, or the credentials make no sense
 */
async function openStore(place, access, job, world) {
    if (place.kind === 'layout') {
        const { clock, random } = world;
        const identity = { pid: process.pid, host: (0,external_node_os_.hostname)() };
        const store = new LayoutStore({
            folder: place.folder,
            clock,
            random,
            identity,
            bareTags: access.bareTags ?? false,
        });
        return { store, origin: undefined, onGitHub: async () => false, secret: undefined, close: () => { } };
    }
    const caller = { token: access.login.githubToken, userAgent: world.userAgent };
    let asked;
    const own = () => {
        asked ??= githubRegistry(job, caller);
        return asked;
    };
    const origin = place.origin ?? (await own());
    const isOwn = async () => {
        if (!job)
            return false;
        const github = await own();
        return github.host === origin.host && github.scheme === origin.scheme;
    };
    const onGitHub = async () => job !== undefined && (asked !== undefined || isNamedAsOwn(job, origin)) && isOwn();
    const { login, readOnly } = access;
    const kept = once(() => keptOn(origin.host, place.within, world));
    const { log, spelled } = world;
    const context = { login, host: origin.host, actor: job?.actor, spelled, log, kept, onGitHub: isOwn };
    const credentials = await chooseCredentials(context);
    const store = new RegistryStore({
        ...origin,
        credentials,
        narrower: login.password === undefined ? (await kept()).narrower : [],
        instead: (refused) => credentialsInstead(context, refused),
        renew: access.lasting
            ? (refused) => renewedCredentials({ ...context, kept: () => keptOn(origin.host, place.within, world) }, refused)
            : undefined,
        // A cure is not worth a question to the API.
        onGitHub: async () => job !== undefined && (asked === undefined ? isNamedAsOwn(job, origin) : isOwn()),
        readOnly,
        deletes: access.deletes,
        log,
        clock: world.clock,
        random: world.random,
        masker: world.masker,
        env: world.env,
        userAgent: world.userAgent,
        patience: world.patience,
        signal: world.signal,
    });
    const secret = credentials.kind === 'basic' ? credentials.password : undefined;
    return { store, origin, onGitHub, secret, close: () => store.close() };
}
function keptOn(host, within, { env, log, masker }) {
    const podmanFolder = process.platform === 'linux' ? `/run/containers/${process.getuid?.()}` : undefined;
    const folders = { env, home: homeFolder(), podmanFolder };
    return keptCredentials({ host, within }, { folders, log, masker, runHelper: runHelper });
}
/** Asks at most once, and only if somebody wants to know. */
function once(ask) {
    let answer;
    return () => {
        answer ??= ask();
        return answer;
    };
}

;// CONCATENATED MODULE: ./lib/run/settings/login.js
/** Hides the secrets among the inputs before anything else is done with them. */
function maskLogin(raw, masker) {
    for (const secret of [raw.password.trim(), raw['github-token'].trim()])
        if (secret !== '')
            masker.mask(secret);
}
/** What was given to sign in with; what is wrong with it is complained of to `input`. */
function loginOf(input, github, spelled) {
    const username = input.text('username');
    const password = input.text('password');
    const githubToken = input.text('github-token');
    if (username !== undefined && password === undefined) {
        const cause = github
            ? 'if it comes from a secret, that secret is not set or this run may not see it: pull requests from forks and of Dependabot get none'
            : 'give it by --password-stdin';
        input.complain('password', `it is empty although ${spelled('username')} is given (${cause})`);
    }
    if (username?.includes(':'))
        input.complain('username', 'it holds a ":", which no user name in a registry can');
    if (githubToken !== undefined && github === undefined) {
        input.complain('github-token', `it works in a job of GitHub Actions only (elsewhere give ${spelled('username')} and ${spelled('password')})`);
    }
    return { username, password, githubToken };
}

// EXTERNAL MODULE: ./lib/run/serving/client-environment.js
var client_environment = __nccwpck_require__(959);
// EXTERNAL MODULE: external "node:util"
var external_node_util_ = __nccwpck_require__(7975);
;// CONCATENATED MODULE: ./lib/run/serving/pip-config.js
/** pip's configuration files, as Python's configparser reads them. Pure. */
/**
 * Reads the text of a `pip.conf` as far as valid files go: sections, `key = value` or `key: value`, comments on lines of
 * their own, and values that go on in indented lines.
 * @see https://docs.python.org/3/library/configparser.html#supported-ini-file-structure
 */
function parsePipConfig(text) {
    const config = new Map();
    let section;
    let key;
    for (const line of text.split(/\r\n|\n|\r/)) {
        if (/^\s*(?:[#;]|$)/.test(line))
            continue;
        const [, more] = /^\s+(.*\S)\s*$/.exec(line) ?? [];
        if (more !== undefined && section && key !== undefined) {
            section.set(key, `${section.get(key) ?? ''}\n${more}`);
            continue;
        }
        const [, name] = /^\[([^\]]+)\]/.exec(line) ?? [];
        if (name !== undefined) {
            section = config.get(name) ?? new Map();
            config.set(name, section);
            key = undefined;
            continue;
        }
        const [, left, right = ''] = /^([^=:]+?)\s*[=:]\s*(.*?)\s*$/.exec(line) ?? [];
        if (left === undefined)
            continue;
        key = left.trim().toLowerCase().replaceAll('_', '-');
        section?.set(key, right);
    }
    return config;
}
/** What pip takes for an option of `pip install`: the section of the command counts more than `global`. */
function pipOption(config, name) {
    for (const section of ['install', 'download', 'global']) {
        const value = config.get(section)?.get(name)?.trim();
        if (value)
            return value;
    }
    return undefined;
}

;// CONCATENATED MODULE: ./lib/run/serving/other-indexes.js
/** Which indexes this environment uses already: one to leave other names to, and those that would be asked beside ours. Pure. */


/** What pip and uv would take for their index, the most important of each. */
function usualIndexes(env, files) {
    const inFiles = files.flatMap(({ path, config }) => {
        const url = pipOption(config, 'index-url');
        return url === undefined ? [] : [{ where: `index-url in ${path}`, url }];
    });
    const pip = variable(env, 'PIP_INDEX_URL') ?? inFiles.at(-1);
    const uv = variable(env, 'UV_DEFAULT_INDEX') ?? variable(env, 'UV_INDEX_URL');
    // Of uv's form `name=url` the name means nothing here.
    const named = uv && { ...uv, url: uv.url.replace(/^[A-Za-z0-9_.-]+=/, '') };
    return [pip, named].filter((index) => index !== undefined);
}
const EXTRA_VARIABLES = ['PIP_FIND_LINKS', 'PIP_EXTRA_INDEX_URL', 'UV_INDEX', 'UV_EXTRA_INDEX_URL', 'UV_FIND_LINKS'];
/** Of pip's files: what `extra-index-url` says there is replaced by ours, in the variable. */
const EXTRA_OPTION = 'find-links';
/**
 * Names what would bring other indexes in beside ours, from which a client could take a package of the same name.
 * @throws UsageError that names the variable, or the file and the option
 */
function refuseExtras(env, files, spelled) {
    const variables = EXTRA_VARIABLES.filter((name) => (env[name] ?? '').trim() !== '').map((name) => `the variable ${name}`);
    const options = files
        .filter(({ config }) => pipOption(config, EXTRA_OPTION) !== undefined)
        .map(({ path }) => `${EXTRA_OPTION} in ${path}`);
    const [first, ...more] = [...variables, ...options];
    if (first === undefined)
        return;
    const found = [first, ...more].join(', ');
    throw new errors/* UsageError */.eb(`Cannot serve: ${found} would bring in packages from elsewhere under the names of yours`, {
        hint: `unset it for this command, or set ${spelled('extra-indexes')} to allow if you trust what is there`,
    });
}
function variable(env, name) {
    const url = env[name]?.trim();
    return url ? { where: name, url } : undefined;
}

;// CONCATENATED MODULE: ./lib/run/serving/fallback.js
/** Where names go that are not ours: to the index that this environment uses already. */




/** Milliseconds that Python has to say which index pip has built in. */
const fallback_PATIENCE = 10_000;
const ASK = 'from pip._internal.models.index import PyPI; print(PyPI.simple_url)';
const fallback_HINT = 'give it by --fallback URL, or --fallback none to serve your packages alone';
/**
 * The page of a name that is not ours is below this address.
 * @throws UsageError if two different indexes are set, or what is set is no address to redirect to
 * @throws UserError if none is set, and Python does not tell which one pip has built in
 */
async function usualFallback(env, files) {
    const [first, ...others] = usualIndexes(env, files).map((index) => ({ ...index, parsed: fallbackOf(index) }));
    if (!first)
        return fallbackOf({ where: 'pip', url: await builtIn() });
    const other = others.find(({ parsed }) => parsed.href !== first.parsed.href);
    if (!other)
        return first.parsed;
    throw new errors/* UsageError */.eb(`Cannot tell which index to leave other names to: ${first.where} says ${first.parsed.href}, ${other.where} says ${other.parsed.href}`, { hint: 'unset one of them, or give the one to use by --fallback URL' });
}
/** @throws UsageError if it is no address of http or https, or holds a user or password */
function fallbackOf({ where, url }) {
    const wrong = (what, hint) => new errors/* UsageError */.eb(`Cannot use the index that ${where} names: ${what}`, { hint });
    if (!URL.canParse(url))
        throw wrong(`"${url}" is no URL`, fallback_HINT);
    const parsed = new URL(url);
    if (!['http:', 'https:'].includes(parsed.protocol))
        throw wrong(`its scheme is ${parsed.protocol}`, fallback_HINT);
    if (parsed.username !== '' || parsed.password !== '') {
        throw wrong('it holds a user or a password, which clients drop when they are redirected', `take them out of the URL, and put this line into ~/.netrc: machine ${parsed.hostname} login USER password PASSWORD`);
    }
    parsed.hash = '';
    parsed.search = '';
    if (!parsed.pathname.endsWith('/'))
        parsed.pathname += '/';
    return parsed;
}
async function builtIn() {
    try {
        const { stdout } = await (0,external_node_util_.promisify)(external_node_child_process_.execFile)('python3', ['-I', '-c', ASK], { timeout: fallback_PATIENCE });
        return stdout.trim();
    }
    catch (cause) {
        throw new errors/* UserError */.yo('Cannot tell which index to leave other names to: none is set, and python3 has no pip that tells its own', {
            cause,
            hint: fallback_HINT,
        });
    }
}

;// CONCATENATED MODULE: ./lib/run/serving/pip-files.js
/** Which configuration files pip reads here, and what they say. */



/**
 * The paths in pip's order: what a later file says counts more.
 * @see https://pip.pypa.io/en/stable/topics/configuration/#location
 */
function pipPaths({ env, home, platform }) {
    const own = env.PIP_CONFIG_FILE;
    // The null device is how pip is told to read no file at all.
    if (own === '/dev/null' || own?.toLowerCase() === 'nul')
        return [];
    const inHome = (...parts) => (home === undefined ? [] : [(0,external_node_path_.join)(home, ...parts)]);
    const inEnvironment = env.VIRTUAL_ENV ? [(0,external_node_path_.join)(env.VIRTUAL_ENV, platform === 'win32' ? 'pip.ini' : 'pip.conf')] : [];
    const last = own ? [own] : [];
    if (platform === 'win32') {
        const [all, mine] = [env.ProgramData, env.APPDATA].map((folder) => folder ? [(0,external_node_path_.join)(folder, 'pip', 'pip.ini')] : []);
        return [...(all ?? []), ...inHome('pip', 'pip.ini'), ...(mine ?? []), ...inEnvironment, ...last];
    }
    const mac = platform === 'darwin';
    const shared = (env.XDG_CONFIG_DIRS || '/etc/xdg').split(':').map((folder) => (0,external_node_path_.join)(folder, 'pip', 'pip.conf'));
    const mine = mac
        ? [...inHome('Library', 'Application Support', 'pip', 'pip.conf'), ...inHome('.config', 'pip', 'pip.conf')]
        : env.XDG_CONFIG_HOME
            ? [(0,external_node_path_.join)(env.XDG_CONFIG_HOME, 'pip', 'pip.conf')]
            : inHome('.config', 'pip', 'pip.conf');
    const everybody = mac ? ['/Library/Application Support/pip/pip.conf'] : [...shared, '/etc/pip.conf'];
    return [...everybody, ...inHome('.pip', 'pip.conf'), ...mine, ...inEnvironment, ...last];
}
/** What the files say that are there and can be read; pip passes over the others as well. */
async function readPipFiles(places) {
    const files = await Promise.all(pipPaths(places).map(async (path) => {
        const text = await (0,external_node_fs_promises_namespaceObject.readFile)(path, 'utf8').catch(() => undefined);
        return text === undefined ? [] : [{ path, config: parsePipConfig(text) }];
    }));
    return files.flat();
}

;// CONCATENATED MODULE: ./lib/run/settings/input-reader.js

/**
 * Turns written values into typed ones and collects everything that is wrong with them, so that one run names it all.
 * After a complaint each method gives a value that raises no other; `finish` throws before anybody can use it.
 */
class InputReader {
    #table;
    #raw;
    #spelled;
    #complaints = [];
    constructor(table, raw, spelled) {
        this.#table = table;
        this.#raw = raw;
        this.#spelled = spelled;
    }
    /** The value without blanks around it, or its default; `undefined` where both are empty. */
    text(name) {
        return this.#raw[name].trim() || this.#table[name]?.default || undefined;
    }
    /** Lines that say something, without blanks around them. */
    lines(name) {
        const lines = (this.text(name) ?? '').split(/\r\n|\n|\r/).map((line) => line.trim());
        return lines.filter((line) => line !== '');
    }
    oneOf(name, values) {
        const found = this.text(name);
        const value = values.find((candidate) => candidate === found);
        if (value === undefined)
            this.complain(name, `found "${found ?? ''}", expected ${input_reader_list(values)}`);
        return value ?? values[0];
    }
    /** The words that YAML 1.2 knows for a truth, as the runner's own toolkit takes them. */
    truth(name) {
        const found = this.text(name) ?? 'false';
        const value = /^(?:true|True|TRUE)$/.test(found);
        if (!value && !/^(?:false|False|FALSE)$/.test(found))
            this.complain(name, `found "${found}", expected true or false`);
        return value;
    }
    whole(name, least, most) {
        const found = this.text(name) ?? '';
        const value = Number(found);
        const fits = /^[0-9]{1,9}$/.test(found) && value >= least && value <= most;
        if (!fits)
            this.complain(name, `found "${found}", expected a whole number from ${least} to ${most}`);
        return fits ? value : most;
    }
    /** The same of a value that may be left out: then it is `undefined`. */
    wholeIfGiven(name, least, most) {
        return this.text(name) === undefined ? undefined : this.whole(name, least, most);
    }
    /** Whatever `parse` makes of the value; what it throws becomes the complaint. `undefined` if nothing was given. */
    parsed(name, parse) {
        const found = this.text(name);
        return found === undefined ? undefined : this.understood(name, found, parse);
    }
    /** The same of a part of the value. */
    understood(name, part, parse) {
        try {
            return parse(part);
        }
        catch (error) {
            if (!(error instanceof errors/* UserError */.yo))
                throw error;
            this.complain(name, error.hint ? `${error.message} (${error.hint})` : error.message);
            return undefined;
        }
    }
    complain(name, what) {
        this.#complaints.push(`${this.#spelled(name)}: ${what}`);
    }
    /** @throws UsageError with every complaint, if there was any */
    finish() {
        const [first, ...more] = this.#complaints;
        if (first === undefined)
            return;
        if (more.length === 0)
            throw new errors/* UsageError */.eb(`Cannot use ${first}`);
        throw new errors/* UsageError */.eb(`Cannot start: ${more.length + 1} values are wrong\n${this.#complaints.join('\n')}`);
    }
}
function input_reader_list(values) {
    return `${values.slice(0, -1).join(', ')} or ${values.at(-1)}`;
}

// EXTERNAL MODULE: ./lib/run/settings/inputs.js
var inputs = __nccwpck_require__(8754);
;// CONCATENATED MODULE: ./lib/run/settings/place.js


/** What the inputs say of the place; what is wrong with them is complained of to `input`. */
function placeOf(input, github, spelled) {
    const folder = input.text('oci-layout');
    const origin = input.parsed('registry', parseRegistry);
    const namespace = namespaceOf(input, github);
    if (folder !== undefined) {
        if (input.text('registry') !== undefined) {
            input.complain('oci-layout', `a folder and a registry are both given, expected one (leave out ${spelled('registry')})`);
        }
        return { kind: 'layout', folder, namespace };
    }
    if (namespace === '' && input.text('namespace') === undefined) {
        input.complain('namespace', 'nothing was given, expected the owner that the packages belong to, as in octo-org');
    }
    return { kind: 'registry', origin, namespace };
}
/** Registries know lower case only; the owner of a repository keeps its own. */
function namespaceOf(input, github) {
    const given = input.parsed('namespace', (text) => parseRepositoryName(text.toLowerCase()));
    return given ?? github?.owner?.toLowerCase() ?? '';
}

;// CONCATENATED MODULE: ./lib/run/serving/serve-settings.js





const LAST_PORT = 65_535;
/** @throws UsageError naming every wrong value, what was found and what is expected */
function readServeSettings(raw, github, spelled) {
    const input = new InputReader(inputs/* SERVE_INPUTS */.yI, raw, spelled);
    const packages = input.lines('packages').flatMap((line) => line.split(/[,\s]+/).filter((name) => name !== ''));
    const place = placeOf(input, github, spelled);
    if (!packages.length && place.kind === 'registry') {
        input.complain('packages', 'nothing was given, expected the names of your packages, as in hello-pyoci or acme-*');
    }
    const fallback = input.parsed('fallback', (text) => text === 'auto' || text === 'none' ? text : fallbackOf({ where: spelled('fallback'), url: text }));
    if (packages.some((name) => /^(?:.*\/)?\*+$/.test(name)) && fallback !== 'none') {
        input.complain('packages', `found "*", which takes every name: write the names, or set ${spelled('fallback')} to none`);
    }
    const settings = {
        packages,
        place,
        login: loginOf(input, github, spelled),
        fallback: fallback ?? 'none',
        extraIndexes: input.oneOf('extra-indexes', ['refuse', 'allow']),
        port: input.wholeIfGiven('port', 1, LAST_PORT),
    };
    input.finish();
    return settings;
}

;// CONCATENATED MODULE: ./lib/run/serving/serve-run.js
/** One package index from written inputs to a listening server: settings, fallback, an open store, the server. */














/** Not one that others use by habit; the same each time, since lock files and caches hold it. */
const USUAL_PORT = 8417;
/**
 * Clients wait for 15 s at most, and ask again themselves: a registry that is down must be told before that. A server has
 * no end at which all waiting could be added up.
 */
const QUICK = {
    ...PATIENCE,
    attempts: 4,
    firstDelay: 250,
    longestDelay: 1_500,
    longestRetryAfter: 5_000,
    stepBudget: 5_000,
    totalBudget: Number.POSITIVE_INFINITY,
    silence: 30_000,
};
/**
 * @throws UsageError for wrong inputs, or an environment that would bring other indexes in
 * @throws UserError if the registry's address, the fallback or a port cannot be had
 */
async function serveRun(raw, face) {
    maskLogin(raw, face.masker);
    const { env, log, clock, signal, onEvent, open: withoutPassword } = face;
    if (face.openUploads && withoutPassword) {
        throw new errors/* UsageError */.eb('Cannot take uploads without a password: everybody on this machine could publish as you', {
            hint: `leave out ${face.spelled('no-password')}, or ${face.spelled('publish')}`,
        });
    }
    const job = githubJob(env);
    const settings = readServeSettings(raw, job, face.spelled);
    const files = await readPipFiles({ env, home: homeFolder(), platform: process.platform });
    if (settings.extraIndexes === 'refuse')
        refuseExtras(env, files, face.spelled);
    const fallback = settings.fallback === 'none'
        ? undefined
        : settings.fallback === 'auto'
            ? await usualFallback(env, files)
            : settings.fallback;
    const access = { login: settings.login, readOnly: true, lasting: true };
    const opened = await openStore(storePlaceOf(settings.place), access, job, { patience: QUICK, ...face });
    let uploads;
    try {
        const { namespace } = settings.place;
        const host = opened.origin?.host ?? '';
        const packages = settings.packages.length ? settings.packages : await namesIn(opened.store, namespace);
        const owned = new OwnedNames(packages, namespace || undefined, host);
        const password = withoutPassword ? undefined : env.PYOCI_INDEX_PASSWORD || (0,external_node_crypto_.randomBytes)(16).toString('hex');
        if (password !== undefined)
            face.masker.mask(password);
        if (withoutPassword)
            log.notice('Every user of this machine can read these packages: there is no password');
        uploads = await face.openUploads?.(settings, owned, job, face);
        const path = [host || 'layout', namespace].filter((part) => part !== '').join('/');
        const options = {
            store: opened.store,
            owned,
            path,
            fallback,
            password,
            nonce: face.nonce ?? (0,external_node_crypto_.randomBytes)(16).toString('hex'),
            clock,
            signal,
            onEvent,
            takeUpload: uploads?.take,
        };
        const server = await listening(options, settings.port, face);
        try {
            refuseItself(fallback, server);
        }
        catch (error) {
            await server.close(0);
            throw error;
        }
        return servingOf(server, options, opened, uploads);
    }
    catch (error) {
        await uploads?.close();
        opened.close();
        throw error;
    }
}
/** On the port that is asked for; else on the usual one, or another if that is taken. */
async function listening(options, port, { log, spelled }) {
    try {
        return await startIndexServer({ ...options, port: port ?? USUAL_PORT });
    }
    catch (error) {
        if (!(error instanceof PortTakenError))
            throw error;
        if (port !== undefined) {
            throw new errors/* UserError */.yo(error.message, {
                cause: error,
                hint: `give another one by ${spelled('port')}, or leave it out`,
            });
        }
    }
    const server = await startIndexServer({ ...options, port: 0 });
    log.notice(`Port ${USUAL_PORT} is taken: using ${server.port}. Lock files and caches that name the usual one do not fit`);
    return server;
}
/** A name that we hand on would come back to us for ever. */
function refuseItself(fallback, { port }) {
    if (fallback === undefined || Number(fallback.port) !== port)
        return;
    if (!['127.0.0.1', 'localhost', '[::1]'].includes(fallback.hostname))
        return;
    throw new errors/* UserError */.yo(`Cannot leave other names to ${fallback.href}: that is this index itself`, {
        hint: 'unset PIP_INDEX_URL, or give the index to use by --fallback URL',
    });
}
function servingOf(server, { path, password, owned, fallback }, opened, uploads) {
    const at = (root, user = '') => `http://${user}127.0.0.1:${server.port}/${path}/${root}/`;
    return {
        url: at('simple'),
        indexUrl: at('simple', password === undefined ? '' : `${client_environment/* INDEX_USER */.ZV}:${password}@`),
        ownedUrl: at('owned'),
        port: server.port,
        password,
        listed: owned.listed,
        fallback,
        uploadUrl: uploads && at('legacy'),
        report: () => server.report,
        close: async (drain) => {
            await server.close(drain);
            const losses = (await uploads?.close()) ?? [];
            opened.close();
            return losses;
        },
    };
}
/** A folder says itself what it holds. @throws UserError if that is nothing */
async function namesIn(store, namespace) {
    const names = (await store.repositories?.()) ?? [];
    const within = names.filter((name) => namespace === '' || name.startsWith(`${namespace}/`));
    if (within.length)
        return within;
    throw new errors/* UserError */.yo(`Cannot serve ${store.label}: it holds no packages${namespace === '' ? '' : ` of ${namespace}`}`, {
        hint: 'publish into it first, or name the packages that will be there',
    });
}
function storePlaceOf(place) {
    if (place.kind === 'layout')
        return { kind: 'layout', folder: place.folder };
    return { kind: 'registry', origin: place.origin, within: place.namespace };
}

;// CONCATENATED MODULE: ./lib/run/stopping/interrupt.js

/** Somebody asked the process to stop. */
class InterruptedError extends errors/* UserError */.yo {
    name = 'InterruptedError';
    constructor(signal) {
        super(`Cannot finish: stopped by ${signal}`, {
            hint: 'run again: what is done already is kept, and the rest is completed',
        });
    }
}
/**
 * Milliseconds after the signal at which the process ends, whatever it is still doing. It should be done by then; this is
 * for a helper program or a connection that does not let go.
 */
const LAST = 1_900;
/**
 * Turns SIGINT and SIGTERM into an abort. A runner that cancels sends SIGINT and 7.5 s later SIGTERM; a person presses
 * Ctrl-C twice. Only the first signal is taken, so that the second one ends the process at once; and after a while the
 * process ends even so.
 */
function interruptOf(process) {
    const controller = new AbortController();
    const stop = (signal) => {
        release();
        controller.abort(new InterruptedError(signal));
        setTimeout(() => process.exit(process.exitCode || 1), LAST).unref();
    };
    const release = () => {
        process.off('SIGINT', stop);
        process.off('SIGTERM', stop);
    };
    process.on('SIGINT', stop);
    process.on('SIGTERM', stop);
    return { signal: controller.signal, release };
}

;// CONCATENATED MODULE: ./lib/run/stopping/serving.js
/** How a server is told to stop: first to finish what is under way, then to end at once. */

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'];
/** Takes the signals of a process that serves until it is told to stop. */
function stopOf(process) {
    const [first, second] = [new AbortController(), new AbortController()];
    const stop = (signal) => {
        const reason = new InterruptedError(signal);
        if (first.signal.aborted)
            second.abort(reason);
        else
            first.abort(Object.assign(reason, { signal }));
    };
    for (const signal of SIGNALS)
        process.on(signal, stop);
    return {
        asked: first.signal,
        now: second.signal,
        release: () => {
            for (const signal of SIGNALS)
                process.off(signal, stop);
        },
    };
}
/** The signal that asked to stop. */
function signalOf({ asked }) {
    const { signal } = asked.reason;
    return signal ?? 'SIGTERM';
}

// EXTERNAL MODULE: ./lib/action/shared/inputs.js
var shared_inputs = __nccwpck_require__(7073);
;// CONCATENATED MODULE: ./lib/action/index/server.js
/** The server of the index action: serves until it is told to stop. What it says goes to the file of its log. */










/** The word that makes the bundle the server. */
const SERVER = 'serve';
const DRAIN = 5_000;
/** Serves what it is told to, tells that it is ready, and ends well when it is told to stop. */
async function serveForJob(process) {
    const stop = stopOf(process);
    const redactor = new Redactor();
    const log = plainLog(process, redactor);
    const [order] = (await (0,external_node_events_.once)(process, 'message'));
    const tell = (word) => new Promise((resolve) => process.send?.(word, () => resolve()));
    try {
        const serving = await serveRun(order.inputs, {
            env: { ...order.env, PYOCI_INDEX_PASSWORD: order.password },
            log,
            masker: redactor,
            clock: systemClock,
            random: systemRandom,
            signal: stop.now,
            progress: { start: () => { }, more: () => { }, sent: () => { }, done: () => { }, end: () => { } },
            spelled: shared_inputs/* inputNamed */.o,
            userAgent: userAgent('action'),
            onEvent: requestLog(log, 'verbose'),
            open: false,
            nonce: order.nonce,
        });
        const { url, ownedUrl, port } = serving;
        await tell({ kind: 'ready', url, ownedUrl, port });
        // The step ends now, and must not be held by us.
        process.disconnect?.();
        if (!stop.asked.aborted)
            await (0,external_node_events_.once)(stop.asked, 'abort');
        await serving.close(DRAIN);
    }
    catch (error) {
        const hint = error instanceof errors/* UserError */.yo ? error.hint : undefined;
        await tell({ kind: 'failed', message: redactor.redact((0,errors/* explain */.WE)(error)), hint });
        process.disconnect?.();
        process.exitCode = 1;
    }
    finally {
        stop.release();
    }
}
function plainLog(process, redactor) {
    const line = (prefix) => (message) => void process.stdout.write(`${(0,printable/* printableLines */.f)(redactor.redact(`${prefix}${message}`))}\n`);
    return {
        debug: () => { },
        info: line(''),
        notice: line('note: '),
        warning: line('warning: '),
        error: line('error: '),
        group: (_, work) => work(),
    };
}


/***/ }),

/***/ 7073:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __nccwpck_require__) => {

/* harmony export */ __nccwpck_require__.d(__webpack_exports__, {
/* harmony export */   K: () => (/* binding */ readInputs),
/* harmony export */   o: () => (/* binding */ inputNamed)
/* harmony export */ });
/* harmony import */ var _run_settings_inputs_js__WEBPACK_IMPORTED_MODULE_0__ = __nccwpck_require__(8754);

/** Every input of the step, as it was written. */
function readInputs(getInput, table) {
    return (0,_run_settings_inputs_js__WEBPACK_IMPORTED_MODULE_0__/* .inputsBy */ .JA)(table, getInput);
}
/** How an action calls an input. */
function inputNamed(name) {
    return `input \`${name}\``;
}


/***/ }),

/***/ 3828:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __nccwpck_require__) => {

/* harmony export */ __nccwpck_require__.d(__webpack_exports__, {
/* harmony export */   WE: () => (/* binding */ explain),
/* harmony export */   eb: () => (/* binding */ UsageError),
/* harmony export */   yo: () => (/* binding */ UserError)
/* harmony export */ });
/* unused harmony exports FilesError, messageOf */
/**
 * A failure the user can act on. `message` says what was attempted and what came back ("Cannot <action>: <state>");
 * `hint` says what to type or click next; `cause` keeps the error beneath.
 */
class UserError extends Error {
    name = 'UserError';
    hint;
    constructor(message, options = {}) {
        super(message, options);
        this.hint = options.hint;
    }
}
/** The inputs or options themselves are wrong; the command exits with 2. Lists every wrong one. */
class UsageError extends UserError {
    name = 'UsageError';
}
/** Some files cannot be published. Carries every problem of every file, so that one run shows them all. */
class FilesError extends UserError {
    name = 'FilesError';
    problems;
    constructor(problems) {
        const errors = problems.filter((problem) => problem.severity === 'error');
        const files = new Set(errors.map((problem) => problem.file)).size;
        super(`Cannot publish: ${files === 1 ? 'one file' : `${files} files`} failed the checks, nothing was written`, {
            hint: errors.map((p) => `${p.file}: ${p.message}${p.hint ? ` (${p.hint})` : ''}`).join('\n'),
        });
        this.problems = problems;
    }
}
/** The one line of anything thrown, without its causes. Not yet safe to print: see `printable`. */
function messageOf(error) {
    return error instanceof Error ? error.message || error.name : String(error);
}
/** The text of anything thrown, with the causes beneath it, one a line. Not yet safe to print: see `printable`. */
function explain(error) {
    const lines = [];
    const seen = new Set();
    for (let at = error; at !== undefined && !seen.has(at); at = at instanceof Error ? at.cause : undefined) {
        seen.add(at);
        const text = messageOf(at);
        if (!lines.includes(text))
            lines.push(text);
    }
    return lines.join('\n');
}


/***/ }),

/***/ 8680:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __nccwpck_require__) => {

/* harmony export */ __nccwpck_require__.d(__webpack_exports__, {
/* harmony export */   f: () => (/* binding */ printableLines),
/* harmony export */   g: () => (/* binding */ printable)
/* harmony export */ });
/** As much of one foreign text as a log line may take. */
const LONGEST = 1_000;
/**
 * Untrusted text made safe for one log line of a terminal or a runner: no control characters, line ends, terminal
 * escapes, bidirectional overrides or invisible characters, no runner command, bounded length.
 *
 * The runner reads `::name::` at the start of a line (after blanks) and `##[name]` anywhere in a line, on stdout and on
 * stderr, so both openings are broken up wherever they stand.
 */
function printable(text, longest = LONGEST) {
    const cut = text.length > longest ? `${text.slice(0, longest)}… (${text.length - longest} more)` : text;
    return cut
        .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Co}\p{Cn}]/gu, escaped)
        .replace(/:(?=:)/g, ':\u2009')
        .replace(/#(?=#\[)/g, '#\u2009');
}
/** The same for text of several lines: every line made safe by itself, the line ends kept. */
function printableLines(text, longest = 4 * LONGEST) {
    const cut = text.length > longest ? `${text.slice(0, longest)}… (${text.length - longest} more)` : text;
    return cut
        .split(/\r\n|\n|\r/)
        .map((line) => printable(line, longest + 32))
        .join('\n');
}
function escaped(character) {
    const point = character.codePointAt(0) ?? 0;
    return point < 0x100 ? `\\x${point.toString(16).padStart(2, '0')}` : `\\u{${point.toString(16)}}`;
}


/***/ }),

/***/ 2346:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __nccwpck_require__) => {

/* harmony export */ __nccwpck_require__.d(__webpack_exports__, {
/* harmony export */   l: () => (/* binding */ sizeText)
/* harmony export */ });
const UNITS = ['KiB', 'MiB', 'GiB', 'TiB'];
/** A number of bytes for people: `512 B`, `43.1 KiB`, `1.2 GiB`. */
function sizeText(bytes) {
    if (bytes < 1_024)
        return `${bytes} B`;
    let value = bytes / 1_024;
    let unit = 0;
    // 1023.95 and above would be printed as 1024.0 of its unit.
    while (value >= 1_023.95 && unit < UNITS.length - 1) {
        value /= 1_024;
        unit += 1;
    }
    return `${value.toFixed(1)} ${UNITS[unit]}`;
}


/***/ }),

/***/ 959:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __nccwpck_require__) => {

/* harmony export */ __nccwpck_require__.d(__webpack_exports__, {
/* harmony export */   B5: () => (/* binding */ clientEnvironment),
/* harmony export */   ZV: () => (/* binding */ INDEX_USER),
/* harmony export */   ro: () => (/* binding */ CLIENTS)
/* harmony export */ });
/* unused harmony exports USUAL_CLIENTS, INDEX_NAME, uploadEnvironment */
/** Clients that can be led there by variables. `names`: those whose project files name the index. */
const CLIENTS = ['pip', 'pdm', 'pipenv', 'names', 'uv'];
/** uv only when asked: its variable would change every project of the environment, and their lock files. */
const USUAL_CLIENTS = (/* unused pure expression or super */ null && (['pip', 'pdm', 'pipenv', 'names']));
/** What the index is called in project files, and so in the names of variables. */
const INDEX_NAME = 'pyoci';
/** The index asks for a password and takes any name. */
const INDEX_USER = 'pyoci';
const PROXIES = ['http_proxy', 'HTTP_PROXY', 'all_proxy', 'ALL_PROXY'];
const LOCAL = ['127.0.0.1', 'localhost'];
/** @param env the environment that clients have already */
function clientEnvironment({ indexUrl, password }, clients, env) {
    const upper = INDEX_NAME.toUpperCase();
    const variables = {
        // The second takes the place of lists in configuration files, from which pip would take any version.
        pip: { PIP_INDEX_URL: indexUrl, PIP_EXTRA_INDEX_URL: indexUrl },
        pdm: { PDM_PYPI_URL: indexUrl },
        pipenv: { PIPENV_PYPI_MIRROR: indexUrl },
        names: password === undefined
            ? {}
            : {
                [`UV_INDEX_${upper}_USERNAME`]: INDEX_USER,
                [`UV_INDEX_${upper}_PASSWORD`]: password,
                [`POETRY_HTTP_BASIC_${upper}_USERNAME`]: INDEX_USER,
                [`POETRY_HTTP_BASIC_${upper}_PASSWORD`]: password,
            },
        uv: { UV_DEFAULT_INDEX: indexUrl },
    };
    return Object.assign({}, ...clients.map((client) => variables[client]), aroundProxies(env));
}
/** The variables that make tools upload to the index. Nothing where uploads are not switched on. */
function uploadEnvironment({ indexUrl, uploadUrl, password, }) {
    if (uploadUrl === undefined || password === undefined)
        return {};
    const upper = INDEX_NAME.toUpperCase();
    return {
        TWINE_REPOSITORY_URL: uploadUrl,
        TWINE_USERNAME: INDEX_USER,
        TWINE_PASSWORD: password,
        UV_PUBLISH_URL: uploadUrl,
        UV_PUBLISH_CHECK_URL: indexUrl,
        UV_PUBLISH_USERNAME: INDEX_USER,
        UV_PUBLISH_PASSWORD: password,
        [`POETRY_REPOSITORIES_${upper}_URL`]: uploadUrl,
        [`POETRY_HTTP_BASIC_${upper}_USERNAME`]: INDEX_USER,
        [`POETRY_HTTP_BASIC_${upper}_PASSWORD`]: password,
        FLIT_INDEX_URL: uploadUrl,
        FLIT_USERNAME: INDEX_USER,
        FLIT_PASSWORD: password,
        HATCH_INDEX_REPO: uploadUrl,
        HATCH_INDEX_USER: INDEX_USER,
        HATCH_INDEX_AUTH: password,
        MATURIN_REPOSITORY_URL: uploadUrl,
        MATURIN_USERNAME: INDEX_USER,
        MATURIN_PASSWORD: password,
        PDM_PUBLISH_REPO: uploadUrl,
        PDM_PUBLISH_USERNAME: INDEX_USER,
        PDM_PUBLISH_PASSWORD: password,
    };
}
/** Clients would ask a proxy for loopback. Alone the variable would switch off proxies that the system has set. */
function aroundProxies(env) {
    if (!PROXIES.some((name) => env[name]))
        return {};
    const hosts = [env.no_proxy, env.NO_PROXY].flatMap((list) => (list ?? '').split(',')).map((host) => host.trim());
    const all = [...new Set([...hosts.filter((host) => host !== ''), ...LOCAL])].join(',');
    return { no_proxy: all, NO_PROXY: all };
}


/***/ }),

/***/ 8754:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __nccwpck_require__) => {

/* harmony export */ __nccwpck_require__.d(__webpack_exports__, {
/* harmony export */   JA: () => (/* binding */ inputsBy),
/* harmony export */   yI: () => (/* binding */ SERVE_INPUTS)
/* harmony export */ });
/* unused harmony exports SIGN_IN_INPUTS, PLACE_INPUTS, READING_INPUTS, YANK_INPUTS, FIND_INPUTS, COPY_INPUTS, PRUNE_INPUTS, PUBLISH_INPUTS, inputNames, givenInputs */
/** What signs in, for every command that speaks to a registry. */
const SIGN_IN_INPUTS = {
    username: { default: '' },
    password: { default: '' },
    'github-token': { default: '' },
};
/** Where packages are, for commands that look at more than one repository. */
const PLACE_INPUTS = {
    registry: { default: '' },
    namespace: { default: '' },
    'oci-layout': { default: '' },
};
/** For the package index, in the order of its options. */
const SERVE_INPUTS = {
    packages: { default: '' },
    ...PLACE_INPUTS,
    ...SIGN_IN_INPUTS,
    fallback: { default: 'auto' },
    'extra-indexes': { default: 'refuse' },
    port: { default: '' },
};
/** For commands that read one repository, whose name is an argument. */
const READING_INPUTS = {
    ...SIGN_IN_INPUTS,
    'oci-layout': { default: '' },
    concurrency: { default: '4' },
};
/** For yanking one version, whose name is an argument. */
const YANK_INPUTS = {
    reason: { default: '' },
    ...SIGN_IN_INPUTS,
    'oci-layout': { default: '' },
};
/** For finding packages, in the order of its options. */
const FIND_INPUTS = {
    file: { default: '' },
    label: { default: '' },
    ...PLACE_INPUTS,
    packages: { default: '' },
    ...SIGN_IN_INPUTS,
    concurrency: { default: '16' },
};
/** For copying, whose places are arguments. */
const COPY_INPUTS = {
    'from-oci-layout': { default: '' },
    'to-oci-layout': { default: '' },
    versions: { default: '' },
    since: { default: '' },
    'if-exists': { default: 'error' },
    ...SIGN_IN_INPUTS,
    'from-username': { default: '' },
    'from-password': { default: '' },
    concurrency: { default: '4' },
};
/** For pruning, in the order of prune/action.yml. The command has packages for its arguments, and no summary. */
const PRUNE_INPUTS = {
    packages: { default: '' },
    dev: { default: 'false' },
    pre: { default: 'false' },
    local: { default: 'false' },
    finals: { default: 'false' },
    'keep-last': { default: '' },
    'older-than': { default: '' },
    per: { default: '' },
    keep: { default: '' },
    untagged: { default: 'false' },
    apply: { default: 'false' },
    'trust-created': { default: 'false' },
    'even-all': { default: 'false' },
    ...SIGN_IN_INPUTS,
    'oci-layout': { default: '' },
    concurrency: { default: '16' },
    summary: { default: 'true' },
};
/**
 * For publishing, in the order of action.yml, which states the same defaults for the runner. They are applied here once
 * more since an explicit empty value (a variable that is not set) reaches us as empty. The command has an option of the
 * same name for each, except `files` (its arguments) and `summary` (which belongs to a job).
 */
const PUBLISH_INPUTS = {
    files: { default: 'dist/*.whl\ndist/*.tar.gz' },
    registry: { default: '' },
    namespace: { default: '' },
    ...SIGN_IN_INPUTS,
    'if-exists': { default: 'error' },
    'if-no-files-found': { default: 'error' },
    attachments: { default: 'auto' },
    attach: { default: '' },
    annotations: { default: '' },
    'default-annotations': { default: 'true' },
    'oci-layout': { default: '' },
    'dry-run': { default: 'false' },
    coordination: { default: 'auto' },
    'job-index': { default: '' },
    'job-total': { default: '' },
    concurrency: { default: '4' },
    'pyoci-url': { default: 'https://pyoci.com' },
    summary: { default: 'true' },
};
/** The names in a table, in its order. */
function inputNames(table) {
    return Object.keys(table);
}
/** One value for each input of a table. */
function inputsBy(table, read) {
    return Object.fromEntries(inputNames(table).map((name) => [name, read(name)]));
}
/** Inputs of which these are given and no others. */
function givenInputs(table, given) {
    return inputsBy(table, (name) => given[name] ?? '');
}


/***/ })

/******/ });
/************************************************************************/
/******/ // The module cache
/******/ var __webpack_module_cache__ = {};
/******/ 
/******/ // The require function
/******/ function __nccwpck_require__(moduleId) {
/******/ 	// Check if module is in cache
/******/ 	var cachedModule = __webpack_module_cache__[moduleId];
/******/ 	if (cachedModule !== undefined) {
/******/ 		return cachedModule.exports;
/******/ 	}
/******/ 	// Create a new module (and put it into the cache)
/******/ 	var module = __webpack_module_cache__[moduleId] = {
/******/ 		// no module.id needed
/******/ 		// no module.loaded needed
/******/ 		exports: {}
/******/ 	};
/******/ 
/******/ 	// Execute the module function
/******/ 	var threw = true;
/******/ 	try {
/******/ 		__webpack_modules__[moduleId](module, module.exports, __nccwpck_require__);
/******/ 		threw = false;
/******/ 	} finally {
/******/ 		if(threw) delete __webpack_module_cache__[moduleId];
/******/ 	}
/******/ 
/******/ 	// Return the exports of the module
/******/ 	return module.exports;
/******/ }
/******/ 
/******/ // expose the modules object (__webpack_modules__)
/******/ __nccwpck_require__.m = __webpack_modules__;
/******/ 
/************************************************************************/
/******/ /* webpack/runtime/asset-relocator-loader */
/******/ if (typeof __nccwpck_require__ !== 'undefined') __nccwpck_require__.ab = decodeURIComponent(new URL('.', import.meta.url).pathname).slice(import.meta.url.match(/^file:\/\/\/\w:/) ? 1 : 0, -1) + "/";
/******/ 
/******/ /* webpack/runtime/async module */
/******/ (() => {
/******/ 	var webpackQueues = typeof Symbol === "function" ? Symbol("webpack queues") : "__webpack_queues__";
/******/ 	var webpackExports = typeof Symbol === "function" ? Symbol("webpack exports") : "__webpack_exports__";
/******/ 	var webpackError = typeof Symbol === "function" ? Symbol("webpack error") : "__webpack_error__";
/******/ 	var resolveQueue = (queue) => {
/******/ 		if(queue && queue.d < 1) {
/******/ 			queue.d = 1;
/******/ 			queue.forEach((fn) => (fn.r--));
/******/ 			queue.forEach((fn) => (fn.r-- ? fn.r++ : fn()));
/******/ 		}
/******/ 	}
/******/ 	var wrapDeps = (deps) => (deps.map((dep) => {
/******/ 		if(dep !== null && typeof dep === "object") {
/******/ 			if(dep[webpackQueues]) return dep;
/******/ 			if(dep.then) {
/******/ 				var queue = [];
/******/ 				queue.d = 0;
/******/ 				dep.then((r) => {
/******/ 					obj[webpackExports] = r;
/******/ 					resolveQueue(queue);
/******/ 				}, (e) => {
/******/ 					obj[webpackError] = e;
/******/ 					resolveQueue(queue);
/******/ 				});
/******/ 				var obj = {};
/******/ 				obj[webpackQueues] = (fn) => (fn(queue));
/******/ 				return obj;
/******/ 			}
/******/ 		}
/******/ 		var ret = {};
/******/ 		ret[webpackQueues] = x => {};
/******/ 		ret[webpackExports] = dep;
/******/ 		return ret;
/******/ 	}));
/******/ 	__nccwpck_require__.a = (module, body, hasAwait) => {
/******/ 		var queue;
/******/ 		hasAwait && ((queue = []).d = -1);
/******/ 		var depQueues = new Set();
/******/ 		var exports = module.exports;
/******/ 		var currentDeps;
/******/ 		var outerResolve;
/******/ 		var reject;
/******/ 		var promise = new Promise((resolve, rej) => {
/******/ 			reject = rej;
/******/ 			outerResolve = resolve;
/******/ 		});
/******/ 		promise[webpackExports] = exports;
/******/ 		promise[webpackQueues] = (fn) => (queue && fn(queue), depQueues.forEach(fn), promise["catch"](x => {}));
/******/ 		module.exports = promise;
/******/ 		body((deps) => {
/******/ 			currentDeps = wrapDeps(deps);
/******/ 			var fn;
/******/ 			var getResult = () => (currentDeps.map((d) => {
/******/ 				if(d[webpackError]) throw d[webpackError];
/******/ 				return d[webpackExports];
/******/ 			}))
/******/ 			var promise = new Promise((resolve) => {
/******/ 				fn = () => (resolve(getResult));
/******/ 				fn.r = 0;
/******/ 				var fnQueue = (q) => (q !== queue && !depQueues.has(q) && (depQueues.add(q), q && !q.d && (fn.r++, q.push(fn))));
/******/ 				currentDeps.map((dep) => (dep[webpackQueues](fnQueue)));
/******/ 			});
/******/ 			return fn.r ? promise : getResult();
/******/ 		}, (err) => ((err ? reject(promise[webpackError] = err) : outerResolve(exports)), resolveQueue(queue)));
/******/ 		queue && queue.d < 0 && (queue.d = 0);
/******/ 	};
/******/ })();
/******/ 
/******/ /* webpack/runtime/create fake namespace object */
/******/ (() => {
/******/ 	var getProto = Object.getPrototypeOf ? (obj) => (Object.getPrototypeOf(obj)) : (obj) => (obj.__proto__);
/******/ 	var leafPrototypes;
/******/ 	// create a fake namespace object
/******/ 	// mode & 1: value is a module id, require it
/******/ 	// mode & 2: merge all properties of value into the ns
/******/ 	// mode & 4: return value when already ns object
/******/ 	// mode & 16: return value when it's Promise-like
/******/ 	// mode & 8|1: behave like require
/******/ 	__nccwpck_require__.t = function(value, mode) {
/******/ 		if(mode & 1) value = this(value);
/******/ 		if(mode & 8) return value;
/******/ 		if(typeof value === 'object' && value) {
/******/ 			if((mode & 4) && value.__esModule) return value;
/******/ 			if((mode & 16) && typeof value.then === 'function') return value;
/******/ 		}
/******/ 		var ns = Object.create(null);
/******/ 		__nccwpck_require__.r(ns);
/******/ 		var def = {};
/******/ 		leafPrototypes = leafPrototypes || [null, getProto({}), getProto([]), getProto(getProto)];
/******/ 		for(var current = mode & 2 && value; typeof current == 'object' && !~leafPrototypes.indexOf(current); current = getProto(current)) {
/******/ 			Object.getOwnPropertyNames(current).forEach((key) => (def[key] = () => (value[key])));
/******/ 		}
/******/ 		def['default'] = () => (value);
/******/ 		__nccwpck_require__.d(ns, def);
/******/ 		return ns;
/******/ 	};
/******/ })();
/******/ 
/******/ /* webpack/runtime/define property getters */
/******/ (() => {
/******/ 	// define getter functions for harmony exports
/******/ 	__nccwpck_require__.d = (exports, definition) => {
/******/ 		for(var key in definition) {
/******/ 			if(__nccwpck_require__.o(definition, key) && !__nccwpck_require__.o(exports, key)) {
/******/ 				Object.defineProperty(exports, key, { enumerable: true, get: definition[key] });
/******/ 			}
/******/ 		}
/******/ 	};
/******/ })();
/******/ 
/******/ /* webpack/runtime/ensure chunk */
/******/ (() => {
/******/ 	__nccwpck_require__.f = {};
/******/ 	// This file contains only the entry chunk.
/******/ 	// The chunk loading function for additional chunks
/******/ 	__nccwpck_require__.e = (chunkId) => {
/******/ 		return Promise.all(Object.keys(__nccwpck_require__.f).reduce((promises, key) => {
/******/ 			__nccwpck_require__.f[key](chunkId, promises);
/******/ 			return promises;
/******/ 		}, []));
/******/ 	};
/******/ })();
/******/ 
/******/ /* webpack/runtime/get javascript chunk filename */
/******/ (() => {
/******/ 	// This function allow to reference async chunks
/******/ 	__nccwpck_require__.u = (chunkId) => {
/******/ 		// return url for filenames based on template
/******/ 		return "" + chunkId + ".index.js";
/******/ 	};
/******/ })();
/******/ 
/******/ /* webpack/runtime/hasOwnProperty shorthand */
/******/ (() => {
/******/ 	__nccwpck_require__.o = (obj, prop) => (Object.prototype.hasOwnProperty.call(obj, prop))
/******/ })();
/******/ 
/******/ /* webpack/runtime/make namespace object */
/******/ (() => {
/******/ 	// define __esModule on exports
/******/ 	__nccwpck_require__.r = (exports) => {
/******/ 		if(typeof Symbol !== 'undefined' && Symbol.toStringTag) {
/******/ 			Object.defineProperty(exports, Symbol.toStringTag, { value: 'Module' });
/******/ 		}
/******/ 		Object.defineProperty(exports, '__esModule', { value: true });
/******/ 	};
/******/ })();
/******/ 
/******/ /* webpack/runtime/import chunk loading */
/******/ (() => {
/******/ 	// no baseURI
/******/ 	
/******/ 	// object to store loaded and loading chunks
/******/ 	// undefined = chunk not loaded, null = chunk preloaded/prefetched
/******/ 	// [resolve, Promise] = chunk loading, 0 = chunk loaded
/******/ 	var installedChunks = {
/******/ 		792: 0
/******/ 	};
/******/ 	
/******/ 	var installChunk = (data) => {
/******/ 		var {ids, modules, runtime} = data;
/******/ 		// add "modules" to the modules object,
/******/ 		// then flag all "ids" as loaded and fire callback
/******/ 		var moduleId, chunkId, i = 0;
/******/ 		for(moduleId in modules) {
/******/ 			if(__nccwpck_require__.o(modules, moduleId)) {
/******/ 				__nccwpck_require__.m[moduleId] = modules[moduleId];
/******/ 			}
/******/ 		}
/******/ 		if(runtime) runtime(__nccwpck_require__);
/******/ 		for(;i < ids.length; i++) {
/******/ 			chunkId = ids[i];
/******/ 			if(__nccwpck_require__.o(installedChunks, chunkId) && installedChunks[chunkId]) {
/******/ 				installedChunks[chunkId][0]();
/******/ 			}
/******/ 			installedChunks[ids[i]] = 0;
/******/ 		}
/******/ 	
/******/ 	}
/******/ 	
/******/ 	__nccwpck_require__.f.j = (chunkId, promises) => {
/******/ 			// import() chunk loading for javascript
/******/ 			var installedChunkData = __nccwpck_require__.o(installedChunks, chunkId) ? installedChunks[chunkId] : undefined;
/******/ 			if(installedChunkData !== 0) { // 0 means "already installed".
/******/ 	
/******/ 				// a Promise means "currently loading".
/******/ 				if(installedChunkData) {
/******/ 					promises.push(installedChunkData[1]);
/******/ 				} else {
/******/ 					if(true) { // all chunks have JS
/******/ 						// setup Promise in chunk cache
/******/ 						var promise = import("./" + __nccwpck_require__.u(chunkId)).then(installChunk, (e) => {
/******/ 							if(installedChunks[chunkId] !== 0) installedChunks[chunkId] = undefined;
/******/ 							throw e;
/******/ 						});
/******/ 						var promise = Promise.race([promise, new Promise((resolve) => (installedChunkData = installedChunks[chunkId] = [resolve]))])
/******/ 						promises.push(installedChunkData[1] = promise);
/******/ 					}
/******/ 				}
/******/ 			}
/******/ 	};
/******/ 	
/******/ 	// no prefetching
/******/ 	
/******/ 	// no preloaded
/******/ 	
/******/ 	// no external install chunk
/******/ 	
/******/ 	// no on chunks loaded
/******/ })();
/******/ 
/************************************************************************/
/******/ 
/******/ // startup
/******/ // Load entry module and return exports
/******/ // This entry module used 'module' so it can't be inlined
/******/ var __webpack_exports__ = __nccwpck_require__(7221);
/******/ __webpack_exports__ = await __webpack_exports__;
/******/ 
