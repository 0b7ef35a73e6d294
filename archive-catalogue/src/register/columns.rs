//! The columns of a register, and how a header row is recognised.
//!
//! Every office words its headers differently, puts them in another order, breaks them over lines,
//! spreads them with blanks (题　名), marks them (＊题名, 日期(必填)) and sets a title line above. So a
//! header is folded to its bare characters and looked up in one table of synonyms; the header row is the
//! first row near the top that names a 题名 column and at least one other.

use unicode_normalization::UnicodeNormalization;

use super::grid::{Row, letters};

/// A header row is looked for in the first this many filled rows.
pub(crate) const HEADER_WITHIN: usize = 40;

/// The columns one kind of table has: a register of what is archived, or a book of what came in and went out.
pub(crate) trait Heading: Copy + PartialEq + 'static {
    /// Every column.
    const EVERY: &'static [Self];
    /// What identifies the row.
    const ROW: Self;
    /// The document's number.
    const NUMBER: Self;
    /// The document's title.
    const TITLE: Self;
    /// The date that may be spread over three columns.
    const DATE: Self;
    /// Groups of columns; of each group one must be there.
    const REQUIRED: &'static [&'static [Self]];

    /// The canonical header.
    fn canonical(self) -> &'static str;

    /// Other headers it goes by, folded as [`fold`] does.
    fn synonyms(self) -> &'static [&'static str];

    /// The column a header names, if it names one.
    fn naming(header: &str) -> Option<Self> {
        let bare = fold(header);
        if bare.is_empty() || bare.chars().count() > 40 {
            return None;
        }
        let find = |wanted: &str| {
            Self::EVERY
                .iter()
                .copied()
                .find(|column| column.canonical() == wanted || column.synonyms().contains(&wanted))
        };
        find(&bare).or_else(|| {
            let outside = fold(&without_brackets(header));
            (!outside.is_empty()).then(|| find(&outside)).flatten()
        })
    }

    /// The canonical headers of what is required, the first of each group.
    fn required() -> Vec<&'static str> {
        Self::REQUIRED.iter().filter_map(|group| group.first()).map(|column| column.canonical()).collect()
    }
}

/// Defines the columns of one kind of table: names, canonical headers, and what else they are called.
macro_rules! columns {
    ($(#[$about:meta])* $columns:ident {
        $($(#[$doc:meta])* $name:ident $canonical:literal [$($synonym:literal),* $(,)?],)+
    }) => {
        $(#[$about])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $columns { $($(#[$doc])* $name),+ }

        impl $columns {
            /// Every column, in the order it is written.
            pub const ALL: &'static [Self] = &[$(Self::$name),+];

            /// The canonical header.
            pub const fn header(self) -> &'static str {
                match self { $(Self::$name => $canonical),+ }
            }

            /// Other headers it goes by, folded.
            const fn other_names(self) -> &'static [&'static str] {
                match self { $(Self::$name => &[$($synonym),*]),+ }
            }
        }
    };
}
pub(crate) use columns;

columns! {
/// What a column of a register holds.
Column {
    /// 序号: identifies the row in the file.
    Row "序号" ["顺序号", "编号", "行号", "登记号", "流水号", "登记序号", "件号", "no", "id", "row"],
    /// 文号.
    Number "文号" [
        "发文字号", "文件编号", "发文号", "文件字号", "文件号", "公文字号", "公文文号", "来文字号", "来文号",
        "收文字号", "字号", "发文文号", "来文文号", "原文号", "文件文号", "编文号", "documentnumber", "number", "docno",
    ],
    /// 责任者.
    Bodies "责任者" [
        "发文机关", "作者", "发文单位", "形成机关", "来文机关", "来文单位", "责任人", "成文机关", "成文单位",
        "制发机关", "制发单位", "发文部门", "形成单位", "印发机关", "印发单位", "发布机关", "发布单位", "文件作者",
        "文件责任者", "第一责任者", "制文机关", "制文单位", "责任单位", "发文者", "拟稿单位", "署名", "author", "body", "responsible",
    ],
    /// 题名.
    Title "题名" [
        "标题", "文件题名", "文件标题", "公文标题", "文件名称", "文件名", "正题名", "文件题目", "题目", "文题", "名称",
        "案由", "事由", "文件材料题名", "材料题名", "卷内文件题名", "文件材料名称", "材料名称", "内容摘要", "来文标题",
        "发文标题", "文件内容", "title",
    ],
    /// 日期.
    Date "日期" [
        "成文日期", "形成日期", "文件日期", "发文日期", "成文时间", "形成时间", "文件时间", "发文时间", "印发日期",
        "签发日期", "发布日期", "时间", "来文日期", "文件形成日期", "文件形成时间", "公布日期", "印发时间", "制发日期",
        "落款日期", "年月日", "date",
    ],
    /// 页数.
    Pages "页数" ["页码数", "张数", "页码总数", "总页数", "张页数", "页", "共页", "文件页数", "面数", "pages"],
    /// 文种.
    Type "文种" ["公文种类", "文件种类", "公文文种", "文种名称", "文件类型", "公文类型", "文件文种", "type"],
    /// 稿本.
    State "稿本" ["文稿", "稿别", "稿本代码", "文本", "稿次", "稿种", "版本", "文件稿本", "state"],
    /// 密级.
    Secrecy "密级" ["秘密等级", "保密等级", "秘级", "密别", "机密程度", "机密等级", "保密级别", "涉密等级", "secrecy"],
    /// 保密期限.
    SecrecyTerm "保密期限" ["保密期", "密级期限", "保密年限", "密期"],
    /// 紧急程度.
    Urgency "紧急程度" ["缓急", "缓急程度", "紧急等级", "等级", "紧急", "急缓程度", "缓急时限", "紧急程度等级", "urgency"],
    /// 主送.
    Addressees "主送" ["主送机关", "主送单位", "收文机关", "收文单位", "受文者", "受文机关", "受文单位", "to"],
    /// 抄送.
    Copies "抄送" ["抄送机关", "抄送单位", "抄报", "抄报抄送", "抄送抄报", "抄报单位", "抄报机关", "分发", "cc"],
    /// 归档机构.
    Section "归档机构" [
        "机构", "归档部门", "归档科室", "科室", "部门", "处室", "机构问题", "承办科室", "承办单位", "承办部门", "归档单位",
        "股室", "立卷单位", "立卷部门", "归档股室", "移交科室", "移交部门", "机构名称", "section",
    ],
    /// 党政.
    Side "党政" ["党政别", "党政分类", "党政类别", "党务政务", "党或政", "side"],
    /// 年度.
    Year "年度" ["归档年度", "所属年度", "文件年度", "档案年度", "案卷年度", "年份", "year"],
    /// 问题.
    Question "问题" ["事项", "归档问题", "问题分类", "类别", "分类", "类目", "主题", "专题", "问题类别", "题目分类", "question"],
    /// 会议或案件.
    Meeting "会议或案件" ["会议案件", "会议", "案件", "会议名称", "案件名称", "会议或案件名称", "案名", "meeting", "case"],
    /// 保管期限.
    Period "保管期限" ["保管期", "期限", "保存期限", "保管年限", "保存年限", "保管期限代码", "存期", "period"],
    /// 载体.
    Medium "载体" ["载体类型", "载体形态", "载体形式", "介质", "载体种类", "载体形态描述", "medium"],
    /// 书写材料.
    Materials "书写材料" ["字迹材料", "字迹", "制成材料", "书写工具", "字迹形成材料", "书写方式"],
    /// 关联序号.
    TieTo "关联序号" ["关联件序号", "相关序号", "关联行", "关联件号", "关联文件序号", "关联编号", "对应序号"],
    /// 关联关系.
    TieKind "关联关系" ["关系", "关联类型", "关联", "与关联件关系", "关联方式", "关系类型"],
    /// 扫描件.
    Scans "扫描件" [
        "电子文件", "扫描文件", "电子文件名", "附件文件", "原文", "电子全文", "全文", "扫描件路径", "文件路径", "图像文件",
        "影像文件", "扫描件名称", "原文路径", "电子文件名称", "挂接文件", "路径", "图像", "扫描", "scans", "file", "files",
    ],
    /// 备注.
    Remarks "备注" ["附注", "说明", "备考", "注", "其他", "备注说明", "remarks", "note", "notes"],
    /// 存放位置: where the paper is; kept with the remarks. Not a canonical header, but registers of
    /// classified papers have it.
    Place "存放位置" [
        "存放地点", "存放处", "保管处", "保管地点", "存放地", "存址", "存放地址", "实体位置", "纸质存放位置", "原件存放处",
        "原件存放位置", "原件存放地点", "柜号",
    ],
}
}

impl Heading for Column {
    const EVERY: &'static [Self] = Self::ALL;
    const ROW: Self = Self::Row;
    const NUMBER: Self = Self::Number;
    const TITLE: Self = Self::Title;
    const DATE: Self = Self::Date;
    const REQUIRED: &'static [&'static [Self]] = &[&[Self::Title], &[Self::Date]];

    fn canonical(self) -> &'static str {
        self.header()
    }

    fn synonyms(self) -> &'static [&'static str] {
        self.other_names()
    }
}

/// Columns that other programs and this one add, and that say nothing about the document.
const IGNORED: &[&str] = &[REASONS];

/// The column [`write_refused`](super::write_refused) adds.
pub(crate) const REASONS: &str = "退回原因";

impl Column {
    /// The column a header names, if it names one.
    pub fn named(header: &str) -> Option<Self> {
        Self::naming(header)
    }
}

/// A header without anything that two offices could write differently: widths, blanks, line breaks,
/// marks, case.
fn fold(header: &str) -> String {
    header.nfkc().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// A header without what stands in brackets: 日期（年月日）.
fn without_brackets(header: &str) -> String {
    let mut depth = 0_usize;
    header
        .chars()
        .filter(|c| match c {
            '(' | '（' | '[' | '［' | '【' | '〔' => {
                depth += 1;
                false
            }
            ')' | '）' | ']' | '］' | '】' | '〕' => {
                depth = depth.saturating_sub(1);
                false
            }
            _ => depth == 0,
        })
        .collect()
}

/// A column of a file, and what it was taken for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ColumnReading<C = Column> {
    /// Its place in the file, from 0.
    pub index: usize,
    /// The letters a spreadsheet shows above it.
    pub letters: String,
    /// The header as written, on one line.
    pub header: String,
    /// What it holds; nothing if the header isn't known, or repeats one to its left.
    pub meaning: Option<C>,
}

/// The header row of a sheet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Header<C> {
    /// Which of the sheet's filled rows it is.
    pub(crate) at: usize,
    /// Its columns, from left to right.
    pub(crate) columns: Vec<ColumnReading<C>>,
    /// A date spread over three columns (年, 月, 日), if there is no other: their places.
    pub(crate) split_date: Option<[Option<usize>; 3]>,
}

impl<C: Heading> Header<C> {
    /// Where a column stands.
    pub(crate) fn place(&self, column: C) -> Option<&ColumnReading<C>> {
        self.columns.iter().find(|found| found.meaning == Some(column))
    }

    /// How many known columns it names; a date in three columns is one.
    pub(crate) fn known(&self) -> usize {
        let named = self.columns.iter().filter(|column| column.meaning.is_some()).count();
        named + usize::from(self.split_date.is_some())
    }

    /// Whether it has a date, in one column or in three.
    fn has(&self, column: C) -> bool {
        self.place(column).is_some() || (column == C::DATE && self.split_date.is_some())
    }

    /// The required columns it lacks.
    pub(crate) fn missing(&self) -> Vec<&'static str> {
        let lacking = C::REQUIRED.iter().filter(|group| !group.iter().any(|column| self.has(*column)));
        lacking.filter_map(|group| group.first()).map(|column| column.canonical()).collect()
    }

    /// Headers that no column is known by, and that aren't ours.
    pub(crate) fn unknown(&self) -> impl Iterator<Item = &ColumnReading<C>> {
        self.columns
            .iter()
            .filter(|column| column.meaning.is_none() && !IGNORED.contains(&fold(&column.header).as_str()))
    }
}

/// How many known headers a row names.
pub(crate) fn known_headers<C: Heading>(row: &Row) -> usize {
    read_header::<C>(row, 0).known()
}

/// The header row among a sheet's rows: the first that names what is required, else the first that
/// names most.
pub(crate) fn find_header<C: Heading>(rows: &[Row]) -> Option<Header<C>> {
    let mut nearest: Option<(usize, Header<C>)> = None;
    for (at, row) in rows.iter().enumerate().take(HEADER_WITHIN) {
        let header = read_header(row, at);
        let known = header.known();
        if known >= 2 && header.missing().is_empty() {
            return Some(header);
        }
        // A single word may be a sentence's; two are meant as headers.
        if known >= 2 && nearest.as_ref().is_none_or(|(most, _)| known > *most) {
            nearest = Some((known, header));
        }
    }
    nearest.map(|(_, header)| header)
}

fn read_header<C: Heading>(row: &Row, at: usize) -> Header<C> {
    let mut columns: Vec<ColumnReading<C>> = Vec::new();
    for (index, shown) in row.filled() {
        let header = shown.split_whitespace().collect::<Vec<_>>().join("");
        let meaning = C::naming(&header)
            .filter(|column| !columns.iter().any(|earlier| earlier.meaning == Some(*column)));
        columns.push(ColumnReading { index, letters: letters(index), header, meaning });
    }
    prefer_canonical(&mut columns);
    let part =
        |name: &str| columns.iter().find(|column| fold(&column.header) == name).map(|column| column.index);
    let split_date = (columns.iter().all(|column| column.meaning != Some(C::DATE)))
        .then(|| part("年").zip(part("月")))
        .flatten()
        .map(|(year, month)| [Some(year), Some(month), part("日")]);
    Header { at, columns, split_date }
}

/// Where one file has both a canonical header and a synonym of it (题名 and 事由), the canonical one
/// holds the column, whichever comes first.
fn prefer_canonical<C: Heading>(columns: &mut [ColumnReading<C>]) {
    for at in 0..columns.len() {
        let Some((earlier, [column, ..])) = columns.split_at_mut_checked(at) else { continue };
        if column.meaning.is_some() {
            continue;
        }
        let Some(meant) = C::naming(&column.header).filter(|meant| meant.canonical() == fold(&column.header))
        else {
            continue;
        };
        for rival in earlier.iter_mut().filter(|rival| rival.meaning == Some(meant)) {
            if fold(&rival.header) != meant.canonical() {
                rival.meaning = None;
                column.meaning = Some(meant);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::register::grid::Cell;

    fn row(number: u32, cells: &[&str]) -> Row {
        Row { number, cells: cells.iter().map(|text| Cell::text(text)).collect() }
    }

    #[test]
    fn every_canonical_header_names_its_own_column_and_no_synonym_is_shared() {
        let mut seen = std::collections::BTreeSet::new();
        for column in Column::ALL {
            assert_eq!(Column::named(column.header()), Some(*column));
            assert!(seen.insert(column.header()), "{}", column.header());
            for synonym in column.synonyms() {
                assert_eq!(&fold(synonym), synonym, "synonyms are written folded");
                assert!(seen.insert(synonym), "{synonym} stands for two columns");
                assert_eq!(Column::named(synonym), Some(*column));
            }
        }
    }

    #[test]
    fn headers_are_known_however_they_are_spread_and_marked() {
        for (written, column) in [
            ("题　名", Column::Title),
            ("文 件\n题 名", Column::Title),
            ("＊题名", Column::Title),
            ("日期（年月日）", Column::Date),
            ("(必填)文号", Column::Number),
            ("页 数(页)", Column::Pages),
            ("ＴＩＴＬＥ", Column::Title),
            ("密级：", Column::Secrecy),
        ] {
            assert_eq!(Column::named(written), Some(column), "{written}");
        }
        assert_eq!(Column::named("盒号"), None);
        assert_eq!(Column::named("（）"), None);
    }

    #[test]
    fn the_header_row_is_found_below_titles() {
        let rows = [
            row(1, &["某县人民政府办公室 2004 年度文件登记表"]),
            row(3, &["单位：办公室", "", "日期：2005-03-01"]),
            row(4, &["序号", "标题", "成文日期"]),
            row(5, &["1", "关于题名、日期的通知", "2004-01-02"]),
        ];
        let header = find_header::<Column>(&rows).unwrap();
        assert_eq!(header.at, 2);
        assert!(header.missing().is_empty());
        assert_eq!(header.place(Column::Date).unwrap().letters, "C");
    }

    #[test]
    fn the_canonical_header_wins_over_a_synonym_before_it() {
        let header = find_header::<Column>(&[row(1, &["事由", "题名", "日期"])]).unwrap();
        assert_eq!(header.place(Column::Title).unwrap().index, 1);
    }

    #[test]
    fn a_date_in_three_columns_counts_as_a_date() {
        let header = find_header::<Column>(&[row(1, &["序号", "题名", "年", "月", "日"])]).unwrap();
        assert_eq!(header.split_date, Some([Some(2), Some(3), Some(4)]));
        assert!(header.missing().is_empty());
    }

    #[test]
    fn the_nearest_row_tells_what_is_missing() {
        let header =
            find_header::<Column>(&[row(1, &["登记表"]), row(2, &["序号", "文号", "日期"])]).unwrap();
        assert_eq!(header.missing(), ["题名"]);
    }
}
