"""What the elements of HTML mean for reading: which end a sentence, which are unread, which part they are."""

from __future__ import annotations

import re

from claims.model import BlockKind, Region

HEADINGS = {f"h{level}": level for level in range(1, 7)}
LABEL_LEVEL = 7
"""Level of what serves as a heading without being one: a bold line, the head of an accordion."""

BLOCK = frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "body",
        "button",
        "caption",
        "center",
        "dd",
        "details",
        "dialog",
        "dir",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figcaption",
        "figure",
        "footer",
        "form",
        "frameset",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "head",
        "header",
        "hgroup",
        "hr",
        "html",
        "legend",
        "li",
        "main",
        "menu",
        "nav",
        "noframes",
        "noscript",
        "ol",
        "optgroup",
        "option",
        "p",
        "pre",
        "search",
        "section",
        "select",
        "summary",
        "table",
        "tbody",
        "td",
        "text",
        "textarea",
        "tfoot",
        "th",
        "thead",
        "title",
        "tr",
        "ul",
    ]
)
"""Elements that begin and end a block of text; all others run on with the text around them."""

SILENT = frozenset(
    [
        "script",
        "style",
        "noembed",
        "iframe",
        "object",
        "embed",
        "applet",
        "canvas",
        "audio",
        "video",
        "map",
        "datalist",
        "base",
        "link",
        "param",
        "source",
        "track",
        "col",
        "colgroup",
        "desc",
        "metadata",
        "defs",
        "symbol",
    ]
)
"""Elements whose content is not shown as text."""

FORMATTING = frozenset(
    [
        "a",
        "abbr",
        "b",
        "bdi",
        "bdo",
        "big",
        "cite",
        "code",
        "em",
        "font",
        "i",
        "ins",
        "kbd",
        "mark",
        "q",
        "s",
        "samp",
        "small",
        "span",
        "strike",
        "strong",
        "sub",
        "sup",
        "tt",
        "u",
        "var",
    ]
)
"""Inline elements whose end tag never closes a block."""

VOID = frozenset(
    [
        "area",
        "base",
        "basefont",
        "br",
        "col",
        "embed",
        "frame",
        "hr",
        "img",
        "input",
        "keygen",
        "link",
        "meta",
        "param",
        "source",
        "track",
        "wbr",
    ]
)

BOLD = frozenset({"b", "strong"})

SCOPE = frozenset({"table", "td", "th", "caption", "html", "body", "template", "svg"})
TABLE_PARTS = frozenset({"tr", "tbody", "thead", "tfoot", "table", "td", "th"})

_P_ENDERS = [
    "address",
    "article",
    "aside",
    "blockquote",
    "center",
    "details",
    "dialog",
    "dir",
    "div",
    "dl",
    "fieldset",
    "figcaption",
    "figure",
    "footer",
    "form",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "header",
    "hgroup",
    "hr",
    "main",
    "menu",
    "nav",
    "ol",
    "p",
    "pre",
    "search",
    "section",
    "summary",
    "table",
    "ul",
]
_TABLE = frozenset({"table"})
_P_SCOPE = frozenset({"button", "td", "th", "caption", "table", "object", "body", "html", "template", "svg"})

IMPLIED_END: dict[str, tuple[frozenset[str], frozenset[str]]] = {
    **{name: (frozenset({"p"}), _P_SCOPE) for name in _P_ENDERS},
    "li": (frozenset({"li"}), frozenset({"ul", "ol", "menu", "dir", *_P_SCOPE})),
    "dt": (frozenset({"dt", "dd"}), frozenset({"dl", *_P_SCOPE})),
    "dd": (frozenset({"dt", "dd"}), frozenset({"dl", *_P_SCOPE})),
    "option": (frozenset({"option"}), frozenset({"select", "datalist", "optgroup"})),
    "optgroup": (frozenset({"option", "optgroup"}), frozenset({"select"})),
    "td": (frozenset({"td", "th"}), frozenset({"tr", "table"})),
    "th": (frozenset({"td", "th"}), frozenset({"tr", "table"})),
    "tr": (frozenset({"tr", "caption", "colgroup"}), _TABLE),
    "tbody": (frozenset({"tbody", "thead", "tfoot", "caption", "colgroup"}), _TABLE),
    "thead": (frozenset({"tbody", "thead", "tfoot", "caption", "colgroup"}), _TABLE),
    "tfoot": (frozenset({"tbody", "thead", "tfoot", "caption", "colgroup"}), _TABLE),
    "body": (frozenset({"head"}), frozenset()),
}
"""For an element that begins: the open elements it ends, and those past which it does not look."""

KINDS = {
    **dict.fromkeys(HEADINGS, BlockKind.HEADING),
    "li": BlockKind.LIST_ITEM,
    "dt": BlockKind.LIST_ITEM,
    "dd": BlockKind.LIST_ITEM,
    "td": BlockKind.TABLE_CELL,
    "th": BlockKind.TABLE_CELL,
    "blockquote": BlockKind.QUOTE,
    "button": BlockKind.BUTTON,
    "option": BlockKind.BUTTON,
    "summary": BlockKind.HEADING,
    "caption": BlockKind.PARAGRAPH,
    "figcaption": BlockKind.PARAGRAPH,
    "legend": BlockKind.PARAGRAPH,
}
LASTING = frozenset({BlockKind.QUOTE, BlockKind.LIST_ITEM, BlockKind.TABLE_CELL, BlockKind.ANSWER})
"""Kinds that a paragraph inside takes over."""

REGIONS = {"nav": Region.NAV, "aside": Region.ASIDE, "footer": Region.FOOTER, "header": Region.HEADER}
ROLES = {
    "navigation": Region.NAV,
    "banner": Region.HEADER,
    "contentinfo": Region.FOOTER,
    "complementary": Region.ASIDE,
    "main": Region.MAIN,
}
ROLE_NAMES = {
    "table": "table",
    "row": "tr",
    "cell": "td",
    "gridcell": "td",
    "columnheader": "th",
    "rowheader": "th",
}
"""Elements that others may stand in for."""
NAMED_REGIONS = {
    "nav": Region.NAV,
    "navbar": Region.NAV,
    "navigation": Region.NAV,
    "main-menu": Region.NAV,
    "main-nav": Region.NAV,
    "site-navigation": Region.NAV,
    "breadcrumb": Region.NAV,
    "breadcrumbs": Region.NAV,
    "footer": Region.FOOTER,
    "site-footer": Region.FOOTER,
    "page-footer": Region.FOOTER,
    "colophon": Region.FOOTER,
    "sidebar": Region.ASIDE,
    "site-header": Region.HEADER,
    "masthead": Region.HEADER,
}
"""Ids and classes by which pages without landmarks name the same parts."""

CONTROLS = frozenset({"aria-controls", "data-target", "data-bs-target", "aria-owns", "data-toggle-target"})
POINTERS = frozenset({"a", "area", "link", "frame", "iframe", "meta", "base"})

ACCORDION = re.compile(
    r"\b(?:accordion|faqs?|toggle|collaps\w*|expand\w*|panel|answer|tab(?:s|panel|-pane|-content|content)?|disclosure)"
    r"(?=\b|[-_])|(?<=[-_])(?:accordion|faq|toggle|collaps\w*|panel|answer|tab|content-inner)\b",
    re.IGNORECASE,
)
"""Names under which page builders hide what a reader can open."""

QUESTION_HEAD = re.compile(
    r"(?:faq|accordion|toggle|collaps\w*|schema-faq|question|et_pb_toggle|elementor-tab)[\w-]*?"
    r"(?:question|title|header|heading|trigger|button|head)\b|\bquestion\b",
    re.IGNORECASE,
)
TITLE_CLASS = re.compile(r"(?:^|[\s_-])(?:title|heading|headline)(?:$|[\s_-])", re.IGNORECASE)
BUTTON_CLASS = re.compile(r"(?:^|[\s_-])(?:btn|button|cta)(?:$|[\s_-])", re.IGNORECASE)
ICON_CLASS = re.compile(
    r"(?:^|\s)(?:fa[srlbd]?|fa-|icon|material-icons|material-symbols|dashicons|bi-|glyphicon)", re.IGNORECASE
)
TESTIMONIAL_CLASS = re.compile(r"testimonial", re.IGNORECASE)
CLONE_CLASS = re.compile(r"slick-cloned|swiper-slide-duplicate|owl-item cloned", re.IGNORECASE)
FRAMING_CLASS = re.compile(
    r"(?:^|[\s_-])(?:(?P<myth>myth|misconception)|(?P<fact>fact|truth|reality))(?:$|\s|-text|-card)",
    re.IGNORECASE,
)

UNSHOWN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
BLOCK_STYLE = re.compile(r"display\s*:\s*(?:block|flex|grid|table|list-item)", re.IGNORECASE)
ANIMATED_CLASS = re.compile(
    r"(?:^|\s)(?:wow|elementor-invisible|aos-\w+|animate__\w+)(?:$|\s)", re.IGNORECASE
)
"""Elements that a script shows once they scroll into view."""
