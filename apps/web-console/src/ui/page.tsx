import type { LucideIcon } from 'lucide-react';
import { useEffect, useId, type ReactNode } from 'react';
import { visibleText } from '../format/visible-text.ts';
import './page.css';

interface PageProps {
  /** The heading, and the title of the tab. */
  readonly title: string;
  /** Where the page is, above its heading: links. */
  readonly above?: ReactNode;
  /** Buttons beside the heading. */
  readonly actions?: ReactNode;
  /** A sentence below the heading. */
  readonly lead?: ReactNode;
  readonly children: ReactNode;
}

export function Page({ title, above, actions, lead, children }: PageProps) {
  const shown = visibleText(title);
  useEffect(() => {
    document.title = `${shown} – Coffer`;
  }, [shown]);
  return (
    <div className="page">
      {above !== undefined && <div className="page-above">{above}</div>}
      <div className="page-head">
        <h1 className="name" tabIndex={-1}>
          {shown}
        </h1>
        {actions !== undefined && <div className="row">{actions}</div>}
      </div>
      {lead !== undefined && <p className="soft page-lead">{lead}</p>}
      <div className="page-body">{children}</div>
    </div>
  );
}

interface SectionProps {
  readonly title: string;
  readonly description?: ReactNode;
  readonly actions?: ReactNode;
  readonly children: ReactNode;
}

/** A framed part of a page with a heading of its own. */
export function Section({ title, description, actions, children }: SectionProps) {
  const id = useId();
  return (
    <section className="section" aria-labelledby={id}>
      <div className="section-head">
        <div>
          <h2 id={id}>{title}</h2>
          {description !== undefined && <p className="soft small">{description}</p>}
        </div>
        {actions !== undefined && <div className="row">{actions}</div>}
      </div>
      {children}
    </section>
  );
}

interface EmptyStateProps {
  readonly icon: LucideIcon;
  readonly title: string;
  readonly children?: ReactNode;
  readonly actions?: ReactNode;
}

/** What stands where there is nothing yet. */
export function EmptyState({ icon: Icon, title, children, actions }: EmptyStateProps) {
  return (
    <div className="empty-state">
      <Icon size={32} aria-hidden />
      <strong>{title}</strong>
      {children !== undefined && <div className="soft">{children}</div>}
      {actions !== undefined && <div className="row">{actions}</div>}
    </div>
  );
}

/** Says that something is being loaded. */
export function Loading({ what = 'Loading' }: { readonly what?: string }) {
  return (
    <div className="loading" role="status">
      <span className="spinner" aria-hidden /> {what} …
    </div>
  );
}

interface FactsProps {
  readonly facts: readonly (readonly [name: string, value: ReactNode])[];
}

/** Names and values below each other. Facts whose value is undefined are left out. */
export function Facts({ facts }: FactsProps) {
  return (
    <dl className="facts">
      {facts.map(([name, value]) =>
        value === undefined ? null : (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ),
      )}
    </dl>
  );
}
