import { describeParsers } from './parsers.js';
import { CORRESPONDENCE_TARGETS } from './targets.js';

describeParsers(CORRESPONDENCE_TARGETS);
