export const id = 907;
export const ids = [907];
export const modules = {

/***/ 6907:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  finish: () => (/* binding */ finish),
  start: () => (/* binding */ start)
});

// EXTERNAL MODULE: external "node:crypto"
var external_node_crypto_ = __webpack_require__(7598);
// EXTERNAL MODULE: external "node:fs"
var external_node_fs_ = __webpack_require__(3024);
// EXTERNAL MODULE: external "node:os"
var external_node_os_ = __webpack_require__(8161);
// EXTERNAL MODULE: external "node:path"
var external_node_path_ = __webpack_require__(6760);
// EXTERNAL MODULE: ./node_modules/@actions/core/lib/core.js + 12 modules
var core = __webpack_require__(143);
// EXTERNAL MODULE: ./lib/core/errors.js
var errors = __webpack_require__(3828);
;// CONCATENATED MODULE: ./lib/core/failure.js

/** A failure in one piece: subject, message, and what to do. */
function failureText({ subject, message, hint }) {
    const told = subject === undefined ? message : `${subject}: ${message}`;
    return hint === undefined ? told : `${told}\nTo fix it: ${hint}`;
}
/** Of files that failed their checks: each error of theirs, no warnings. */
function fileFailures(problems) {
    const errors = problems.filter(({ severity }) => severity === 'error');
    return errors.map(({ file, message, hint }) => ({ subject: file, file, message, hint }));
}
/** What anything thrown comes to: its message with those of its causes, and the hint nearest to it. */
function failureOf(error, subject) {
    return { subject, file: undefined, message: (0,errors/* explain */.WE)(error), hint: hintOf(error) };
}
/** The first hint on the way down to the cause. */
function hintOf(error) {
    const seen = new Set();
    for (let at = error; at instanceof Error && !seen.has(at); at = at.cause) {
        seen.add(at);
        if (at instanceof errors/* UserError */.yo && at.hint !== undefined)
            return at.hint;
    }
    return undefined;
}

// EXTERNAL MODULE: ./lib/core/text/printable.js
var printable = __webpack_require__(8680);
// EXTERNAL MODULE: ./lib/run/serving/client-environment.js
var client_environment = __webpack_require__(959);
// EXTERNAL MODULE: ./lib/run/settings/inputs.js
var settings_inputs = __webpack_require__(8754);
;// CONCATENATED MODULE: ./lib/action/shared/action-log.js

/**
 * The log of a step. Whatever comes is made safe to print; what may not become an annotation any more is a plain line.
 * Runners do not nest groups, so a group inside another is a heading.
 */
class ActionLog {
    #toolkit;
    #budget;
    #grouped = false;
    constructor(toolkit, budget) {
        this.#toolkit = toolkit;
        this.#budget = budget;
    }
    debug(message) {
        this.#toolkit.debug((0,printable/* printableLines */.f)(message));
    }
    info(message) {
        this.#toolkit.info((0,printable/* printableLines */.f)(message));
    }
    notice(message) {
        if (this.#budget.warning())
            this.#toolkit.notice((0,printable/* printableLines */.f)(message));
        else
            this.info(`Notice: ${message}`);
    }
    warning(message) {
        if (this.#budget.warning())
            this.#toolkit.warning((0,printable/* printableLines */.f)(message));
        else
            this.info(`Warning: ${message}`);
    }
    error(message) {
        this.errorAbout(undefined, message);
    }
    /** An error that the runner shows beside `file`, a path below the workspace. */
    errorAbout(file, message) {
        if (!this.#budget.error())
            this.info(`Error: ${message}`);
        else
            this.#toolkit.error((0,printable/* printableLines */.f)(message), file === undefined ? {} : { file: (0,printable/* printable */.g)(file) });
    }
    async group(title, work) {
        if (this.#grouped) {
            this.info(title);
            return work();
        }
        this.#grouped = true;
        this.#toolkit.startGroup((0,printable/* printable */.g)(title));
        try {
            return await work();
        }
        finally {
            this.#toolkit.endGroup();
            this.#grouped = false;
        }
    }
}

;// CONCATENATED MODULE: ./lib/action/shared/annotation-budget.js
/** A runner keeps ten annotations of each kind and step; ten in all are what a reader takes in. */
const MOST = 10;
/** Warnings come first, and must leave room for what went wrong. */
const MOST_WARNINGS = 5;
/** Counts the annotations of a step. The last one is kept for the failure of the step itself. */
class AnnotationBudget {
    #warnings = 0;
    #errors = 0;
    /** Whether a warning or notice may become an annotation. Then it counts. */
    warning() {
        if (this.#warnings >= MOST_WARNINGS)
            return false;
        this.#warnings += 1;
        return true;
    }
    /** The same for an error about a part of the run. */
    error() {
        if (this.#warnings + this.#errors >= MOST - 1)
            return false;
        this.#errors += 1;
        return true;
    }
}

// EXTERNAL MODULE: ./lib/action/shared/inputs.js
var shared_inputs = __webpack_require__(7073);
// EXTERNAL MODULE: external "node:child_process"
var external_node_child_process_ = __webpack_require__(1421);
// EXTERNAL MODULE: external "node:events"
var external_node_events_ = __webpack_require__(8474);
// EXTERNAL MODULE: ./lib/action/index/server.js + 152 modules
var server = __webpack_require__(8182);
;// CONCATENATED MODULE: ./lib/action/index/launch.js
/** Starts the server as a process of its own, which outlives the step and dies with the job. */



/**
 * What the server's process has of the environment: where programs, homes and proxies are, and whose job it is. No token and
 * no input, since other steps of the job may read what a process was started with.
 */
const NAMED = [
    'PATH',
    'Path',
    'HOME',
    'USERPROFILE',
    'APPDATA',
    'LOCALAPPDATA',
    'ProgramData',
    'SystemRoot',
    'TEMP',
    'TMP',
    'TMPDIR',
    'LANG',
    'NODE_EXTRA_CA_CERTS',
    'SSL_CERT_FILE',
    'SSL_CERT_DIR',
    // By which the runner finds what a job has left behind, and ends it.
    'RUNNER_TRACKING_ID',
];
/** @param log descriptor of the file that its words go to. @returns its first word, and its process */
async function startServer(order, log, process) {
    const child = (0,external_node_child_process_.spawn)(process.execPath, [process.argv[1] ?? '', server/* SERVER */.y], {
        detached: true,
        // An inherited stream would hold the step until the job ends.
        stdio: ['ignore', log, log, 'ipc'],
        env: namedOf(order.env),
    });
    child.send({ ...order, env: { ...order.env } });
    const silent = (0,external_node_events_.once)(child, 'exit').then(([code]) => [
        { kind: 'failed', message: `Cannot start the package index: its process ended with ${code}`, hint: undefined },
    ]);
    const [word] = (await Promise.race([(0,external_node_events_.once)(child, 'message'), silent]));
    if (child.connected)
        child.disconnect();
    child.unref();
    return { word, pid: child.pid ?? 0 };
}
function namedOf(env) {
    return Object.fromEntries(NAMED.flatMap((name) => {
        const value = env[name];
        return value === undefined ? [] : [[name, value]];
    }));
}

// EXTERNAL MODULE: ./lib/core/text/size.js
var size = __webpack_require__(2346);
;// CONCATENATED MODULE: ./lib/action/index/summary.js
/** The job summary of the index action: what was served, what failed, and which names were left to others. Pure. */

/** Names that are listed; the rest is counted. */
const MOST_NAMES = 200;
/** Markdown. All names in it are in normal form; messages are shown as code. */
function summaryOf({ served, redirected, failures }) {
    return [
        '## Package index',
        '',
        ...(served.length
            ? ['| Project | Files | Size |', '| :--- | ---: | ---: |', ...served.map(rowOf), '']
            : ['No file was downloaded from it.', '']),
        ...failures.flatMap(({ project, message }) => [`- **${project}** failed: ${code(message)}`]),
        ...(failures.length ? [''] : []),
        ...(redirected.length
            ? [
                `<details><summary>${redirected.length} other names were left to the usual index</summary>`,
                '',
                listOf(redirected),
                '',
                'A private package among them is missing in <code>packages</code>.',
                '</details>',
            ]
            : []),
        '',
    ].join('\n');
}
function rowOf({ project, files, bytes }) {
    return `| ${project} | ${files} | ${(0,size/* sizeText */.l)(bytes)} |`;
}
function listOf(names) {
    const shown = names.slice(0, MOST_NAMES).map((name) => `\`${name}\``);
    const rest = names.length - shown.length;
    return [...shown, ...(rest > 0 ? [`and ${rest} more`] : [])].join(', ');
}
/** Text of others as code, whatever it holds. */
function code(text) {
    const escaped = text.replace(/[&<>|`]/g, (letter) => `&#${letter.charCodeAt(0)};`);
    return `<code>${escaped.replace(/\s+/g, ' ')}</code>`;
}

;// CONCATENATED MODULE: ./lib/action/index/steps.js
/** The two steps of the index action: one starts the index and leads later steps to it, the other ends it and reports. */















/** Starts the index, and sets what later steps need. */
async function start(process) {
    try {
        const clients = clientsOf(core.getInput('export'));
        const inputs = (0,shared_inputs/* readInputs */.K)((name) => (name === 'oci-layout' ? '' : core.getInput(name)), settings_inputs/* SERVE_INPUTS */.yI);
        for (const secret of [inputs.password, inputs['github-token']])
            if (secret !== '')
                core.setSecret(secret);
        const [password, nonce] = [(0,external_node_crypto_.randomBytes)(16), (0,external_node_crypto_.randomBytes)(16)].map((bytes) => bytes.toString('hex'));
        core.setSecret(password);
        const logFile = (0,external_node_path_.join)(process.env.RUNNER_TEMP || (0,external_node_os_.tmpdir)(), `pyoci-publish-index-${nonce.slice(0, 8)}.log`);
        const file = (0,external_node_fs_.openSync)(logFile, 'a', 0o600);
        const { word, pid } = await startServer({ inputs, env: process.env, password, nonce }, file, process);
        (0,external_node_fs_.closeSync)(file);
        if (word.kind === 'failed')
            throw new errors/* UserError */.yo(word.message, { hint: word.hint });
        const indexUrl = word.url.replace('://', `://${client_environment/* INDEX_USER */.ZV}:${password}@`);
        const state = { pid, nonce, password, url: word.url, log: logFile };
        for (const [name, value] of Object.entries(state))
            core.saveState(name, value);
        core.setOutput('index-url', indexUrl);
        core.setOutput('owned-url', word.ownedUrl);
        core.setOutput('url', word.url);
        core.setOutput('port', word.port);
        const variables = (0,client_environment/* clientEnvironment */.B5)({ indexUrl, password }, clients, process.env);
        for (const [name, value] of Object.entries(variables))
            core.exportVariable(name, value);
        core.info(`Serving ${inputs.packages.trim().split(/\s+/).join(', ')} at ${word.url}`);
        core.info(`Later steps have ${Object.keys(variables).join(', ')}`);
    }
    catch (error) {
        core.setFailed((0,printable/* printableLines */.f)(failureText(failureOf(error))));
    }
}
/** Tells what the index did, and ends it. Nothing here fails a job whose work is done. */
async function finish(process) {
    const log = new ActionLog(core, new AnnotationBudget());
    const [pid, nonce, password, url, logFile] = ['pid', 'nonce', 'password', 'url', 'log'].map((name) => core.getState(name));
    core.setSecret(password);
    try {
        const report = await reportOf(url, nonce, password);
        await log.group('Log of the package index', async () => {
            log.info((0,external_node_fs_.readFileSync)(logFile, 'utf8').trimEnd() || 'nothing was asked');
        });
        if (!report) {
            log.warning('The package index had ended before the job did: its log tells why');
            return;
        }
        for (const { project, message, hint } of report.failures) {
            log.error(`${project}: ${message}${hint === undefined ? '' : `\nTo fix it: ${hint}`}`);
        }
        await core.summary.addRaw(summaryOf(report)).write();
        process.kill(Number(pid), 'SIGTERM');
    }
    catch (error) {
        log.warning(`Cannot end the package index well: ${(0,errors/* explain */.WE)(error)}`);
    }
}
/** What the index did; `undefined` if what answers there is not ours any more. */
async function reportOf(url, nonce, password) {
    const root = new URL('..', url);
    try {
        const health = (await (await fetch(new URL('/health', url))).json());
        if (health.nonce !== nonce)
            return undefined;
        const authorization = `Basic ${Buffer.from(`${client_environment/* INDEX_USER */.ZV}:${password}`).toString('base64')}`;
        return (await (await fetch(new URL('report', root), { headers: { authorization } })).json());
    }
    catch {
        return undefined;
    }
}
function clientsOf(text) {
    const names = text.split(/[\s,]+/).filter((name) => name !== '');
    const unknown = names.find((name) => !client_environment/* CLIENTS */.ro.some((client) => client === name));
    if (unknown === undefined)
        return names;
    throw new errors/* UsageError */.eb(`Cannot use input \`export\`: found "${unknown}", expected some of ${client_environment/* CLIENTS */.ro.join(', ')}`);
}


/***/ })

};
