import { CircleHelp, Link2, Monitor, Moon, Sun } from "lucide-react";
import { type ReactNode, useEffect } from "react";
import { Link, useLocation, useRoute } from "wouter";
import { SavedViews } from "./saved-views.tsx";
import { IconButton } from "../parts/button.tsx";
import { classNames } from "../parts/class-names.ts";
import styles from "./frame.module.css";
import { Menu, MenuChoice } from "../parts/menu.tsx";
import { useShortcutHelp, useShortcuts } from "../parts/shortcuts.tsx";
import { setTheme, type Theme, useTheme } from "../parts/theme.ts";
import { useToast } from "../parts/toast.tsx";

export interface Crumb {
  label: string;
  /** Left out for the page itself. */
  href?: string;
}

interface FrameProps {
  /** From the project to this page; the last one names the page. */
  crumbs: Crumb[];
  /** Buttons in the top bar. */
  tools?: ReactNode;
  /** Whether the page fills the window and scrolls its own parts. */
  fill?: boolean;
  children: ReactNode;
}

/** What is around every page: where we are, and what can be done everywhere. */
export function Frame({ crumbs, tools, fill, children }: FrameProps) {
  const title = [...crumbs.map((crumb) => crumb.label).reverse(), "Samplewise"].join(" · ");
  useEffect(() => {
    document.title = title;
  }, [title]);
  const [, inProject] = useRoute("/p/:project/*?");
  const project = inProject?.project;
  return (
    <div className={styles.frame}>
      <a className={styles.skip} href="#main">
        Skip to the page
      </a>
      <header className={styles.bar}>
        <Link href="/" className={styles.home} aria-label="Samplewise: all projects">
          <img src="/favicon.svg" width={20} height={20} alt="" />
          <span>Samplewise</span>
        </Link>
        <Breadcrumb crumbs={crumbs} />
        <div className={styles.tools}>
          {tools}
          {project && <SavedViews key={project} project={project} />}
          <CopyLink />
          <ThemeMenu />
          <Help />
        </div>
      </header>
      <main id="main" tabIndex={-1} className={classNames(styles.main, fill && styles.fill)}>
        <h1 className="visually-hidden">{crumbs.at(-1)?.label ?? "Projects"}</h1>
        {children}
      </main>
    </div>
  );
}

function Breadcrumb({ crumbs }: { crumbs: Crumb[] }) {
  return (
    <nav aria-label="Breadcrumb" className={styles.crumbs}>
      <ol className={styles.crumbs}>
        {crumbs.map((crumb, place) => (
          <li key={place} className={styles.crumb} title={crumb.label}>
            {crumb.href ? (
              <Link href={crumb.href}>{crumb.label}</Link>
            ) : (
              <span aria-current={place === crumbs.length - 1 ? "page" : undefined}>
                {crumb.label}
              </span>
            )}
          </li>
        ))}
      </ol>
    </nav>
  );
}

function CopyLink() {
  const toast = useToast();
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(window.location.href);
      toast.show({ title: "Link copied", detail: "It opens this page as it is now." });
    } catch (error) {
      toast.fail("The link could not be copied", error);
    }
  };
  return (
    <IconButton label="Copy link" onClick={copy}>
      <Link2 size={16} />
    </IconButton>
  );
}

const THEMES: { value: Theme; label: string }[] = [
  { value: "light", label: "Light" },
  { value: "dark", label: "Dark" },
  { value: "system", label: "As the system" },
];

function ThemeMenu() {
  const { chosen, shown } = useTheme();
  const Icon = chosen === "system" ? Monitor : shown === "dark" ? Moon : Sun;
  return (
    <Menu
      trigger={
        <IconButton label="Theme">
          <Icon size={16} />
        </IconButton>
      }
    >
      <MenuChoice value={chosen} options={THEMES} onChange={setTheme} />
    </Menu>
  );
}

function Help() {
  const show = useShortcutHelp();
  const [, go] = useLocation();
  const { shown } = useTheme();
  useShortcuts([
    { keys: "g p", description: "Go to all projects", run: () => go("/"), group: "Everywhere" },
    {
      keys: "shift+d",
      description: "Switch between light and dark",
      run: () => setTheme(shown === "dark" ? "light" : "dark"),
      group: "Everywhere",
    },
  ]);
  return (
    <IconButton label="Keyboard shortcuts" keys="?" onClick={show}>
      <CircleHelp size={16} />
    </IconButton>
  );
}
