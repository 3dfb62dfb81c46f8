import { nowSeconds } from '../clock.ts';
import type { Project } from './project.ts';
import type { ToolRow } from './rows.ts';

/**
 * Gives files to a tool. From then on the assistants endpoint exists: in a project without assistants it answers 404.
 */
export function addTool(project: Project, input: Pick<ToolRow, 'kind' | 'name' | 'fileIds'>): ToolRow {
  const prefix = input.kind === 'container' ? 'cntr' : 'asst';
  const row: ToolRow = { ...input, id: `${prefix}_${project.nextSeq()}`, createdAt: nowSeconds(project.clock) };
  project.tools.push(row);
  return row;
}
