import { ANSWER_TARGETS } from './answer-targets.js';
import { ARCHIVE_TARGETS } from './archive-targets.js';
import { ATTACHMENT_TARGETS } from './attachment-targets.js';
import { DOCUMENT_TARGETS } from './document-targets.js';
import { FIELD_TARGETS } from './field-targets.js';
import { INPUT_TARGETS } from './input-targets.js';
import { LOGIN_TARGETS } from './login-targets.js';
import { PYTHON_TARGETS } from './python-targets.js';
import { REGISTRY_TARGETS } from './registry-targets.js';
import { TEXT_TARGETS } from './text-targets.js';

/** Parsers of what a distribution is made of: its name, its bytes, its metadata. */
export const DISTRIBUTION_TARGETS = [...PYTHON_TARGETS, ...FIELD_TARGETS, ...ARCHIVE_TARGETS, ...ATTACHMENT_TARGETS];

/** Parsers of what registries answer, and of what users and their machines give us. */
export const CORRESPONDENCE_TARGETS = [
  ...REGISTRY_TARGETS,
  ...ANSWER_TARGETS,
  ...DOCUMENT_TARGETS,
  ...INPUT_TARGETS,
  ...LOGIN_TARGETS,
  ...TEXT_TARGETS,
];

/** Every parser of text and bytes that we did not write ourselves. `npm run fuzz` tries them for longer. */
export const TARGETS = [...DISTRIBUTION_TARGETS, ...CORRESPONDENCE_TARGETS];
