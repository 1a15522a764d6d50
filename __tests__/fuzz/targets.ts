import { ANSWER_TARGETS } from './answer-targets.js';
import { ARCHIVE_TARGETS } from './archive-targets.js';
import { DOCUMENT_TARGETS } from './document-targets.js';
import { FIELD_TARGETS } from './field-targets.js';
import { INPUT_TARGETS } from './input-targets.js';
import { LOGIN_TARGETS } from './login-targets.js';
import { PYTHON_TARGETS } from './python-targets.js';
import { REGISTRY_TARGETS } from './registry-targets.js';
import { TEXT_TARGETS } from './text-targets.js';

/** Every parser of text and bytes that we did not write ourselves. `npm run fuzz` tries them for longer. */
export const TARGETS = [
  ...PYTHON_TARGETS,
  ...FIELD_TARGETS,
  ...ARCHIVE_TARGETS,
  ...REGISTRY_TARGETS,
  ...ANSWER_TARGETS,
  ...DOCUMENT_TARGETS,
  ...INPUT_TARGETS,
  ...LOGIN_TARGETS,
  ...TEXT_TARGETS,
];
