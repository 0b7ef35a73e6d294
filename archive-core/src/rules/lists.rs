//! L, N, C, T: the list of contents, the note, the cover, the title of a volume.

use super::{Rule, rule};

pub(super) const RULES: &[Rule] = &[
    rule!(L1 Error "福田《案卷质量标准》六；GB/T 9705-2008";
        says
            "卷内文件目录按卷内次序一件一行。题名照实抄录，不省略；没有题名或题名看不出内容的，另拟题名加 [ ]；日期、页号齐全。目录放在卷首，不编页号。",
            "The list of contents has one line an item, in the order of the volume. Titles are copied in full; where there is none, or it doesn't tell the content, one is drafted and set in [ ]; dates and pages are complete. It lies at the head and bears no page number.";
        example
            "首页破损没有题名：拟作“[关于烟水配套工程补助资金分配的意见]”。",
            "The first page is torn and has no title: [关于烟水配套工程补助资金分配的意见] is drafted.";
        remedy
            "照原件补上；原件没有的，题名自拟加 [ ]，日期考证加 [ ]，考不出的写“不详”。",
            "Copy it from the original; where it has none, draft a title or research a date and set it in [ ], or write 不详."),
    rule!(N1 Error "福田《案卷质量标准》七；GB/T 9705-2008";
        says
            "卷内备考表写明缺损、修改、补充、移交、销毁等情况，由立卷人、检查人签名并写日期；立卷人和检查人是两个人。",
            "The note of a volume tells what is missing, damaged, corrected, added, transferred or destroyed; who made the volume and who checked it sign and date it, and they are two people.";
        example
            "移交时备考表没有检查人的签名；或者立卷人、检查人是同一人。",
            "At handover the note lacks the checker's signature; or maker and checker are one person.";
        remedy
            "请另一人检查后签名、写日期。",
            "Have another person check the volume, sign and date."),
    rule!(C1 Error "福田《案卷质量标准》九；简阳（九）4(2)；GB/T 9705-2008";
        says
            "案卷封面各项填齐：机关名称、类别、案卷题名、年度、卷号、目录号、全宗号、保管期限，以及起止日期、件数、页数。",
            "Each field of the cover is filled: institution, class, title, year, volume number, catalogue number, fonds number, period, and the first and last date, the number of items and of pages.";
        example
            "全宗号空白；或者机关名称写“本委”。",
            "The fonds number is blank; or the institution is called 本委.";
        remedy
            "补填；全宗名称写全称或通用简称。",
            "Fill it in; write the institution's full or usual short name."),
    rule!(T1 Warning "福田《案卷质量标准》八";
        says
            "案卷题名简明确切，一般由作者、问题、文种三部分组成，能揭示卷内文件的成份和内容，不超过 50 字。",
            "A volume's title is brief and exact, and names the author, the question and the types of document, in no more than 50 characters.";
        example
            "“临溪县人民政府关于安全生产工作的决定、意见、通知”三部分齐全；“有关材料”则什么也没说。",
            "临溪县人民政府关于安全生产工作的决定、意见、通知 has all three; 有关材料 says nothing.";
        remedy
            "补上缺的部分；太长的概括问题、合并文种。",
            "Add the missing part; shorten by naming the question more generally."),
];
