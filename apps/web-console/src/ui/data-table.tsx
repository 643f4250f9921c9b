import type { ReactNode } from 'react';
import { Cell, Column, Row, Table, TableBody, TableHeader } from 'react-aria-components/Table';
import './data-table.css';

export interface DataColumn<Item> {
  readonly id: string;
  readonly title: string;
  readonly render: (item: Item) => ReactNode;
  /** The first column names the row, and is read out with every other cell. */
  readonly isRowHeader?: boolean;
  /** `phone`: shown at every width, as row headers are; `desktop`: only where there is room, the default. */
  readonly shown?: 'phone' | 'desktop';
  /** For numbers and buttons. */
  readonly align?: 'end';
}

interface DataTableProps<Item> {
  /** Read out. */
  readonly label: string;
  readonly columns: readonly DataColumn<Item>[];
  readonly items: readonly Item[];
  readonly idOf: (item: Item) => string;
  readonly empty: ReactNode;
}

/** A table of some dozens or hundreds of rows. What can have thousands of rows is a list with virtual rows instead. */
export function DataTable<Item extends object>(props: DataTableProps<Item>) {
  const { label, columns, items, idOf, empty } = props;
  if (items.length === 0) return <>{empty}</>;
  const className = ({ isRowHeader, shown, align }: DataColumn<Item>): string =>
    `${shown === 'phone' || isRowHeader === true ? 'always' : 'if-room'} ${align ?? 'start'}`;
  return (
    <div className="data-table-frame">
      <Table aria-label={label} className="data-table">
        <TableHeader>
          {columns.map((column) => (
            <Column
              key={column.id}
              id={column.id}
              isRowHeader={column.isRowHeader ?? false}
              className={className(column)}
            >
              {column.title}
            </Column>
          ))}
        </TableHeader>
        <TableBody>
          {items.map((item) => (
            <Row key={idOf(item)} id={idOf(item)} className="data-row">
              {columns.map((column) => (
                <Cell key={column.id} className={className(column)}>
                  {column.render(item)}
                </Cell>
              ))}
            </Row>
          ))}
        </TableBody>
      </Table>
    </div>
  );
}
