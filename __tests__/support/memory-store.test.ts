import { describeStore } from '../oci/store.contract.js';
import { MemoryStore } from './memory-store.js';

describeStore('memory', async () => ({ store: new MemoryStore(), close: async () => {} }));
