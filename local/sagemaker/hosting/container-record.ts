import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { commandLine, isAlive } from '../../process/process-state';

/** The containers that run, as files: what was left by a process that was killed can be ended by the next one. */
export class ContainerRecord {
  constructor(private readonly directory: string) {}

  note(pid: number): void {
    mkdirSync(this.directory, { recursive: true });
    writeFileSync(join(this.directory, String(pid)), '');
  }

  forget(pid: number): void {
    rmSync(join(this.directory, String(pid)), { force: true });
  }

  /** Ends what is left. Process ids are used again: a container is recognised by its last argument. */
  endOrphans(): void {
    let names: string[] = [];
    try {
      names = readdirSync(this.directory);
    } catch {
      return; // none was ever started
    }
    for (const pid of names.map(Number)) {
      if (isAlive(pid) && / serve$/.test(commandLine(pid))) process.kill(pid, 'SIGKILL');
      this.forget(pid);
    }
  }
}
