// One open thread: its stream, its messages, what is sent to it. Attaches first and reads the stored messages beside it,
// so that nothing can fall between the two.
import { api, items } from './api.js';
import { Conversation, textHash } from './conversation.js';
import { Stream } from './sse.js';

const HIDDEN_GRACE = 60_000;
const TRIES = 6;

export class Chat {
  thread = null;
  conversation;
  older = null;
  /** The last message of another branch than the newest one, where that is shown: a new message goes on from there. */
  aside = null;
  #stream = null;
  #transcript;
  #on;
  #heard = false;
  #loaded = false;
  #hidden = 0;
  #generation = 0;

  constructor(transcript, on) {
    this.#transcript = transcript;
    this.#on = on;
    this.conversation = this.#fresh();
    transcript.show(this.conversation);
    document.addEventListener('visibilitychange', () => this.#visible());
    addEventListener('online', () => this.#stream?.hurry());
  }

  #fresh() {
    const generation = ++this.#generation;
    const mine = (f) => (...args) => generation === this.#generation && f(...args);
    return new Conversation({
      onChange: mine((turn) => this.#changed(turn)),
      onOrder: mine(() => {
        this.#transcript.reorder();
        this.#on.changed();
      }),
      onGap: mine((cursor) => this.#stream?.restart(cursor)),
      onReset: mine(() => this.#read()),
      onFinish: mine((turn) => this.#finished(turn)),
      onAsk: mine((turn) => this.#learnQuestions(turn)),
    });
  }

  /** Null is a new conversation: it exists once something is sent. */
  open(thread) {
    this.#stream?.close();
    this.#stream = null;
    this.thread = thread;
    this.older = null;
    this.aside = null;
    this.#heard = false;
    this.#loaded = false;
    this.conversation = this.#fresh();
    this.#transcript.show(this.conversation);
    if (thread) {
      this.#attach();
      this.#read();
    }
    this.#on.changed();
  }

  /** The branch through a message. What is not the newest one stands still: nothing is streamed there. */
  async branch(id) {
    const conversation = this.conversation;
    try {
      const [page, newest, runs] = await Promise.all([api.messages(this.thread, { branch: id }), api.messages(this.thread), api.runsOf(this.thread)]);
      if (conversation !== this.conversation) return;
      const last = items(page).at(-1);
      if (!last || last.id === items(newest).at(-1)?.id) {
        this.open(this.thread);
        return;
      }
      this.#stream?.close();
      this.#stream = null;
      this.aside = last.id;
      this.older = page.next ?? null;
      this.#loaded = true;
      this.conversation = this.#fresh();
      this.#transcript.show(this.conversation);
      this.conversation.history(items(page));
      this.conversation.outcomes(items(runs));
      this.#transcript.flush();
      this.#transcript.toMessage(id);
      this.#on.changed();
    } catch (error) {
      this.#on.failed(error);
    }
  }

  /** Another answer to the same message; the one that is there stays as a sibling. */
  regenerate(turn, agent) {
    return this.#goAnotherWay(turn, () => api.regenerate(this.thread, turn.answerId ?? turn.user.id, agent ? { agent } : {}));
  }

  /** The same place in the conversation, in other words. */
  reword(turn, text, agent) {
    const id = crypto.randomUUID();
    return this.#goAnotherWay(turn, () => api.send(this.thread, id, text, { replaces: turn.user.id, ...(agent ? { agent } : {}) }, turn.user.files));
  }

  /** The stream brings the new turn, here and in every other tab. */
  async #goAnotherWay(turn, request) {
    const conversation = this.conversation;
    const wasAside = this.aside !== null;
    try {
      await this.#persist(request);
      if (conversation !== this.conversation) return true;
      if (wasAside) this.open(this.thread);
      else this.#transcript.toEnd();
      return true;
    } catch (error) {
      this.#on.failed(error);
      return false;
    }
  }

  get loading() {
    return this.thread !== null && !this.#loaded && this.conversation.turns.length === 0;
  }

  #attach() {
    const conversation = this.conversation;
    this.#stream = new Stream(`/api/threads/${encodeURIComponent(this.thread)}/attach`, {
      onEvent: (event) => {
        if (conversation !== this.conversation) return;
        const first = !this.#heard;
        this.#heard = true;
        conversation.apply(event);
        // What ended between reading the messages and this first frame is only in the messages.
        if (first && this.#loaded) this.#read();
      },
      onState: (state, info) => conversation === this.conversation && this.#on.link(state, info),
    });
  }

  async #read() {
    const conversation = this.conversation;
    const early = !this.#heard;
    try {
      const [page, runs] = await Promise.all([api.messages(this.thread), api.runsOf(this.thread)]);
      if (conversation !== this.conversation) return;
      this.#loaded = true;
      this.older = this.older ?? page?.next ?? null;
      conversation.history(items(page));
      conversation.outcomes(items(runs));
      this.#transcript.flush();
      if (early && this.#heard) this.#read();
      this.#on.changed();
    } catch (error) {
      if (conversation !== this.conversation) return;
      if (error.passing) setTimeout(() => conversation === this.conversation && this.#read(), error.retryAfterMs ?? 1500);
      else this.#on.failed(error);
    }
  }

  async earlier() {
    const conversation = this.conversation;
    if (!this.older) return;
    const page = await api.messages(this.thread, { before: this.older, branch: this.aside });
    if (conversation !== this.conversation) return;
    this.older = page?.next ?? null;
    conversation.history(items(page), 'before');
    this.#transcript.flush();
    this.#on.changed();
  }

  /** `how` is the agent's name, and whether the answer that is being written is interrupted. */
  async send(text, { agent, interrupt, files = [] } = {}) {
    const conversation = this.conversation;
    const how = {
      ...(agent ? { agent } : {}),
      ...(interrupt ? { onBusy: 'interrupt' } : {}),
      ...(this.aside ? { parentId: this.aside } : {}),
    };
    const turn = conversation.ask(crypto.randomUUID(), text, how, files);
    this.#transcript.flush();
    this.#transcript.toEnd();
    if (!this.thread) {
      try {
        const made = await this.#persist(() => api.newThread(agent));
        if (conversation !== this.conversation) return;
        this.thread = made.id;
        this.#attach();
        this.#loaded = true;
        this.#on.created(made);
      } catch (error) {
        conversation.refused(turn, error.message);
        return;
      }
    }
    await this.#deliver(conversation, turn);
  }

  /** The message id is its idempotency key, so sending it again is always safe. */
  async #deliver(conversation, turn) {
    const thread = this.thread;
    turn.sending = true;
    turn.state = 'queued';
    try {
      const answer = await this.#persist(() => api.send(thread, turn.user.id, turn.user.text, turn.how, turn.user.files));
      conversation.accepted(turn, answer);
      if (turn.how.parentId && conversation === this.conversation) {
        this.open(thread);
        return;
      }
    } catch (error) {
      conversation.refused(turn, error.message);
    }
    this.#on.changed();
  }

  async #persist(request) {
    for (let n = 1; ; n++) {
      try {
        return await request();
      } catch (error) {
        if (!error.passing || n >= TRIES) throw error;
        await new Promise((done) => setTimeout(done, error.retryAfterMs ?? 400 * 1.8 ** n));
      }
    }
  }

  again(turn) {
    turn.problem = null;
    if (!this.thread) {
      this.conversation.forget(turn);
      this.send(turn.user.text, { agent: turn.how.agent, files: turn.user.files });
      return;
    }
    turn.state = 'queued';
    this.#deliver(this.conversation, turn);
    this.#changed(turn);
  }

  forget(turn) {
    this.conversation.forget(turn);
  }

  async stop() {
    const turn = this.conversation.active;
    if (!turn || turn.stopping) return;
    turn.stopping = true;
    if (!turn.started && turn.user) this.#on.unasked(turn.user.text);
    this.#changed(turn);
    this.#on.changed();
    try {
      await this.#persist(() => api.cancel(turn.run));
    } catch (error) {
      turn.stopping = false;
      this.#changed(turn);
      if (error.code !== 'already_finished') this.#on.failed(error);
    }
  }

  async remove(turn) {
    turn.removed = true;
    this.#on.changed();
    try {
      await api.remove(turn.run);
    } catch (error) {
      turn.removed = false;
      this.#on.changed();
      if (error.code !== 'already_finished') this.#on.failed(error);
    }
  }

  /** What a waiting message shall say instead; where a node has begun with it, the server says so. */
  async rewrite(turn, text) {
    const before = turn.user.text;
    turn.user.text = text;
    this.#on.changed();
    try {
      await this.#persist(() => api.rewrite(this.thread, turn.user.id, text, turn.user.files));
    } catch (error) {
      turn.user.text = before;
      this.#changed(turn);
      this.#on.changed();
      this.#on.failed(error);
    }
  }

  /** Answers one question of a run. What the server refuses is the caller's to show. */
  async answer(turn, question, answer) {
    try {
      await this.#persist(() => api.answer(turn.run, { callId: question.callId, ...answer }));
      turn.questions = turn.questions.filter((q) => q.callId !== question.callId);
    } catch (error) {
      if (error.status === 409) this.#learnQuestions(turn);
      throw error;
    } finally {
      this.#changed(turn);
      this.#on.changed();
    }
  }

  async #learnQuestions(turn) {
    const conversation = this.conversation;
    try {
      const run = await this.#persist(() => api.run(turn.run));
      if (conversation !== this.conversation || turn.finished) return;
      const known = turn.questions.map((q) => q.callId).join();
      turn.questions = run.questions ?? [];
      if (run.state === 'requires_action') turn.state = run.state;
      if (turn.questions.length && known !== turn.questions.map((q) => q.callId).join()) this.#transcript.say(`A decision is needed: ${turn.questions.map((q) => q.toolName).join(', ')}.`);
      this.#changed(turn);
      this.#on.changed();
    } catch (error) {
      if (conversation === this.conversation) this.#on.failed(error);
    }
  }

  #changed(turn) {
    if (turn.run && turn.idx > 0 && turn.asked !== turn.epoch && !turn.finished) this.#learnNode(turn);
    this.#transcript.changed(turn);
  }

  /** The frames do not name nodes; the run does. */
  async #learnNode(turn) {
    const epoch = turn.epoch;
    turn.asked = epoch;
    try {
      const run = await api.run(turn.run);
      if (!run?.node) return;
      const move = turn.continued.findLast((c) => c.epoch <= (run.epoch ?? epoch));
      if (move) move.node = run.node;
      else turn.node = run.node;
      this.#transcript.changed(turn);
    } catch {
      // It is only a name.
    }
  }

  async #finished(turn) {
    const hash = await textHash(turn);
    if (turn.state === 'completed') this.#transcript.say(turn.text ? `Answer: ${turn.text}` : 'The answer is empty.');
    else if (!turn.removed) this.#transcript.say(turn.state === 'failed' ? 'The answer failed.' : 'The answer was stopped.');
    const stated = turn.terminal?.sha256;
    if (hash && stated) {
      turn.verified = hash === stated;
      if (!turn.verified) this.#repair(turn);
    }
    turn.records = [];
    this.#transcript.changed(turn);
    this.#on.changed();
    // Which other ways there are is told with the stored messages only.
    if (turn.branched) this.#read();
  }

  /** What is shown is not what is stored: what is stored wins. */
  async #repair(turn) {
    console.warn('the answer of run', turn.run, 'differs from what is stored; it is read again');
    turn.terminal = null;
    turn.stored = false;
    await this.#read();
  }

  #visible() {
    clearTimeout(this.#hidden);
    if (document.hidden) this.#hidden = setTimeout(() => this.#stream?.pause(), HIDDEN_GRACE);
    else {
      this.#stream?.resume();
      this.#stream?.hurry();
    }
  }
}
