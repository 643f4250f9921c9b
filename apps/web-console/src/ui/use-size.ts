import { useLayoutEffect, useState, useSyncExternalStore, type RefObject } from 'react';

/** In CSS pixels. */
interface Size {
  readonly width: number;
  readonly height: number;
  /** Width of the scroll bar, and of the borders, beside what is inside. */
  readonly bar: number;
}

/** The inner size of an element as it is now. */
export function useSize(element: RefObject<HTMLElement | null>): Size {
  const [size, setSize] = useState({ width: 0, height: 0, bar: 0 });
  useLayoutEffect(() => {
    const { current } = element;
    if (current === null) return;
    const measure = (): void => {
      const { clientWidth: width, clientHeight: height } = current;
      const bar = current.offsetWidth - width;
      setSize((before) => {
        const isSame = before.width === width && before.height === height && before.bar === bar;
        return isSame ? before : { width, height, bar };
      });
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(current);
    return () => {
      observer.disconnect();
    };
  }, [element]);
  return size;
}

/** Whether a media query holds. */
export function useMedia(query: string): boolean {
  return useSyncExternalStore(
    (onChange) => {
      const media = matchMedia(query);
      media.addEventListener('change', onChange);
      return () => {
        media.removeEventListener('change', onChange);
      };
    },
    () => matchMedia(query).matches,
  );
}
