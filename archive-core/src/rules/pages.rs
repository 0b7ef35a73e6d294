//! P: page and item numbers (页号, 件号).

use super::{Rule, rule};

pub(super) const RULES: &[Rule] = &[
    rule!(P1 Error "福田《案卷质量标准》五";
        says
            "整卷装订的，有文字、图样的每页都编页号：正面右上角，背面左上角，全卷一个流水号；值得保存的信封、附条、照片也编；卷内目录、备考表、空白纸不编。",
            "In a volume bound as a whole, each page with text or pictures is numbered, in one run: at the upper right on the face, at the upper left on the back. Envelopes, slips and photographs worth keeping are numbered; the list of contents, the note and blank pages are not.";
        example
            "第 3 件从第 9 页起，第 2 件却编到第 9 页：第 9 页重了。",
            "Item 3 starts at page 9, but item 2 ends there: page 9 stands twice.";
        remedy
            "从第一件起重新编这一卷的页号。",
            "Number the pages of the volume again from its first item."),
    rule!(P2 Error "福田《案卷质量标准》五、十；DA/T 22-2015";
        says
            "单份装订的，逐件编件号，每件的页号各从 1 起，并在首页右上方加盖档号章。",
            "In a volume of separately bound items, the items are numbered, each item's pages start at 1, and its first page bears the stamp with the archival code.";
        example
            "单份装订的卷里，第 2 件的页号从 7 起。",
            "In such a volume, the pages of item 2 start at 7.";
        remedy
            "每件从 1 起编页，件号从 1 起连续。",
            "Number each item's pages from 1, and the items from 1 without a gap."),
    rule!(P3 Error "福田《案卷质量标准》五";
        says
            "页号不跳、不重、不叠；登记的页数与扫描件的页数相符。",
            "Page numbers have no gap, repeat or overlap, and the page count registered is that of the scans.";
        example
            "登记 8 页，扫描件只有 6 页：漏扫了背面，或者登记错了。",
            "Eight pages registered and six scanned: backs were left out, or the count is wrong.";
        remedy
            "对照原件数页：漏扫的补扫，登记错的改正。",
            "Count the original's pages: scan what is missing, or correct the register."),
];
