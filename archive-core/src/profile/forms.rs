//! How an institution's forms look: which columns, how wide, how dates are written.
//!
//! The standards name the columns of each form and leave their widths to the office, and offices
//! differ on the rest, so all of it is data. What a profile leaves out is as GB/T 9705-2008 and
//! DA/T 22-2015 have it; where neither gives a figure the width is ours.

use serde::{Deserialize, Serialize};

/// The look of the forms.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Forms {
    /// How dates are written.
    pub dates: DateStyle,
    /// How high the rows of a list are.
    pub rows: RowHeights,
    /// Whether the last page of a list is filled with empty rows.
    pub fill: bool,
    /// Paper of the cover (案卷封面).
    pub cover: CoverPaper,
    /// Whether covers go on pre-printed ones (印好的卷皮): only what is filled in is printed, no labels and
    /// no lines.
    pub preprinted_cover: bool,
    /// How far what is filled in on a pre-printed cover is moved to the right and down, in millimetres, so
    /// that it meets the blanks of the office's own covers.
    pub preprinted_shift: [f64; 2],
    /// Columns of the list of contents (卷内文件目录).
    pub contents: Vec<FormColumn>,
    /// Columns of the volume catalogue (案卷目录).
    pub volumes: Vec<FormColumn>,
    /// Columns of the item catalogue (归档文件目录).
    pub items: Vec<FormColumn>,
}

/// How dates are written on forms.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DateStyle {
    /// `2004、3、16` (Futian 六).
    #[default]
    Comma,
    /// `20040316` (DA/T 22).
    Digits,
    /// `2004.3.16`.
    Dots,
    /// `2004-03-16`.
    Iso,
}

/// How high the rows of a list are.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RowHeights {
    /// As high as what stands in them, and at least so many millimetres.
    AtLeast(f64),
    /// Always so many millimetres; what is too long is set smaller.
    Always(f64),
}

/// Paper of a cover.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CoverPaper {
    /// A4, the soft cover (软卷皮).
    #[default]
    A4,
    /// 220 x 310 mm, the hard cover (硬卷皮).
    Hard,
    /// Any other, such as the covers of 1988 (220 x 300 or 210 x 280 mm): `cover = { size = { … } }`.
    Size(PageSize),
}

/// A paper and its margins, in millimetres.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct PageSize {
    /// Width.
    pub width: f64,
    /// Height.
    pub height: f64,
    /// Margin above.
    pub top: f64,
    /// Margin below.
    pub bottom: f64,
    /// Margin at the left, where the volume is bound.
    pub left: f64,
    /// Margin at the right.
    pub right: f64,
}

/// A column of a form.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct FormColumn {
    /// What stands in it.
    pub field: FormField,
    /// Its header, as printed.
    pub header: String,
    /// Its width in millimetres.
    pub width: f64,
}

/// What can stand in a column of a form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FormField {
    /// 序号: the row's place in this list.
    Serial,
    /// 顺序号, 件号: the item's number in its volume.
    ItemNo,
    /// 档号: of the item, or of the volume in a list of volumes.
    Code,
    /// 文号.
    DocNumber,
    /// 责任者.
    Responsible,
    /// 题名: of the item, or of the volume in a list of volumes.
    Title,
    /// 日期; in a list of volumes 起止日期.
    Date,
    /// 页号: where the item begins; for the last one, where it begins and ends.
    PageNo,
    /// 页数.
    Pages,
    /// 密级.
    Secrecy,
    /// 案卷号.
    VolumeNo,
    /// 件数.
    Items,
    /// 保管期限.
    Period,
    /// 备注.
    Remarks,
}

impl FormColumn {
    fn new(field: FormField, header: &str, width: f64) -> Self {
        Self { field, header: header.to_owned(), width }
    }
}

impl Default for Forms {
    fn default() -> Self {
        use FormField as F;
        let columns = |list: &[(F, &str, f64)]| {
            list.iter().map(|&(field, header, width)| FormColumn::new(field, header, width)).collect()
        };
        Self {
            dates: DateStyle::default(),
            rows: RowHeights::AtLeast(9.0),
            fill: true,
            cover: CoverPaper::default(),
            preprinted_cover: false,
            preprinted_shift: [0.0, 0.0],
            contents: columns(&[
                (F::ItemNo, "顺序号", 13.5),
                (F::DocNumber, "文号", 29.0),
                (F::Responsible, "责任者", 27.0),
                (F::Title, "题名", 51.5),
                (F::Date, "日期", 23.0),
                (F::PageNo, "页号", 12.0),
                (F::Remarks, "备注", 14.0),
            ]),
            volumes: columns(&[
                (F::VolumeNo, "案卷号", 14.0),
                (F::Title, "案卷题名", 76.0),
                (F::Date, "起止日期", 32.0),
                (F::Pages, "页数", 14.0),
                (F::Period, "保管期限", 20.0),
                (F::Remarks, "备注", 14.0),
            ]),
            items: columns(&[
                (F::Serial, "序号", 12.0),
                (F::Code, "档号", 42.0),
                (F::DocNumber, "文号", 38.0),
                (F::Responsible, "责任者", 38.0),
                (F::Title, "题名", 72.0),
                (F::Date, "日期", 22.0),
                (F::Secrecy, "密级", 12.0),
                (F::Pages, "页数", 12.0),
                (F::Remarks, "备注", 14.0),
            ]),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_list_fits_between_its_margins() {
        let forms = Forms::default();
        let width = |columns: &[FormColumn]| columns.iter().map(|column| column.width).sum::<f64>();
        assert!((width(&forms.contents) - 170.0).abs() < 1e-9, "A4 portrait: 25 mm to bind, 15 mm outside");
        assert!((width(&forms.volumes) - 170.0).abs() < 1e-9);
        assert!((width(&forms.items) - 262.0).abs() < 1e-9, "A4 landscape: 20 mm and 15 mm");
    }

    #[test]
    fn a_profile_changes_only_what_it_names() {
        let forms: Forms = toml::from_str("dates = \"digits\"\nrows = { always = 15.0 }").unwrap();
        assert_eq!(forms.dates, DateStyle::Digits);
        assert_eq!(forms.rows, RowHeights::Always(15.0));
        assert_eq!(forms.contents, Forms::default().contents);
    }

    #[test]
    fn a_cover_may_be_of_any_size() {
        let forms: Forms = toml::from_str(
            "cover = { size = { width = 210.0, height = 280.0, top = 20.0, bottom = 15.0, left = 25.0, right = 20.0 } }",
        )
        .unwrap();
        assert!(matches!(forms.cover, CoverPaper::Size(size) if (size.height - 280.0).abs() < 1e-9));
        assert_eq!(toml::from_str::<Forms>("cover = \"hard\"").unwrap().cover, CoverPaper::Hard);
    }
}
