import { nowSeconds } from '../clock.ts';
import type { Project } from './project.ts';
import type { ToolRow } from './rows.ts';

/** Gives files to a tool. Assistants are served from then on: a project without any answers that there is no such endpoint. */
export function addTool(project: Project, input: Pick<ToolRow, 'kind' | 'name' | 'fileIds'>): ToolRow {
  const prefix = input.kind === 'container' ? 'cntr' : 'asst';
  const row: ToolRow = { ...input, id: `${prefix}_${project.nextSeq()}`, createdAt: nowSeconds(project.clock) };
  project.tools.push(row);
  return row;
}
