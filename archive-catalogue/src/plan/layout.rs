//! The sheets and columns of a plan: said once, for writing and for reading.

use archive_core::arrange::PlanTable;

/// A sheet with its columns.
pub(super) struct SheetLayout {
    pub(super) name: &'static str,
    /// Header and width in half-width characters.
    pub(super) columns: &'static [(&'static str, f64)],
}

impl SheetLayout {
    /// The place of a column, from 0.
    pub(super) fn at(&self, header: &str) -> u16 {
        let place = self.columns.iter().position(|(name, _)| *name == header);
        place.and_then(|place| u16::try_from(place).ok()).unwrap_or(u16::MAX)
    }
}

/// A line for each volume.
pub(super) const VOLUMES: SheetLayout = SheetLayout {
    name: PlanTable::Volumes.name(),
    columns: &[
        (LABEL, 7.0),
        (YEAR, 7.0),
        (SIDE, 6.0),
        (PERIOD, 11.0),
        (SECTION, 14.0),
        (VOLUME_TITLE, 60.0),
        (CONFIRMED, 7.0),
        ("件数", 6.0),
        (PAGES, 7.0),
        ("起止日期", 23.0),
        ("组卷特征", 14.0),
        ("组卷理由", 44.0),
        ("档号", 18.0),
        (DOUBT, 10.0),
    ],
};

/// A line for each item.
pub(super) const CONTENTS: SheetLayout = SheetLayout {
    name: PlanTable::Contents.name(),
    columns: &[
        (LABEL, 7.0),
        (POSITION, 7.0),
        (ROW, 8.0),
        ("责任者", 24.0),
        ("文号", 22.0),
        (TITLE, 60.0),
        ("日期", 12.0),
        (PAGES, 6.0),
        ("所在理由", 44.0),
        (DOUBT, 10.0),
        (REASON, 24.0),
        (KEY, 8.0),
    ],
};

/// The ties that a person should look at.
pub(super) const TIES: SheetLayout = SheetLayout {
    name: PlanTable::Ties.name(),
    columns: &[
        (ROW, 8.0),
        (TITLE, 44.0),
        (KIND, 11.0),
        (TO, 10.0),
        ("关联件题名", 44.0),
        ("把握", 7.0),
        ("依据", 44.0),
        (VERDICT, 9.0),
        (KEY, 8.0),
        (TO_KEY, 9.0),
    ],
};

/// Every reason with its rule.
pub(super) const REASONS: SheetLayout = SheetLayout {
    name: "理由",
    columns: &[(LABEL, 7.0), (ROW, 8.0), (TITLE, 50.0), ("规则", 7.0), ("理由", 70.0), ("出处", 24.0)],
};

/// How to work with it.
pub(super) const GUIDE: &str = "说明";

/// Hidden: the items the plan was made of and where they were, so that a deleted line is told from a
/// late item, and a plan that the repository has outgrown from one that fits.
pub(super) const MADE_OF: SheetLayout =
    SheetLayout { name: "原案", columns: &[(KEY, 10.0), (LABEL, 10.0)] };

/// 卷标: which volume.
pub(super) const LABEL: &str = "卷标";
/// 年度.
pub(super) const YEAR: &str = "年度";
/// 党政.
pub(super) const SIDE: &str = "党政";
/// 保管期限.
pub(super) const PERIOD: &str = "保管期限";
/// 归档机构.
pub(super) const SECTION: &str = "归档机构";
/// 案卷题名.
pub(super) const VOLUME_TITLE: &str = "案卷题名";
/// 题名 of an item.
pub(super) const TITLE: &str = "题名";
/// 页数.
pub(super) const PAGES: &str = "页数";
/// 确认: a volume is right as it stands.
pub(super) const CONFIRMED: &str = "确认";
/// 位次: the place in the volume.
pub(super) const POSITION: &str = "位次";
/// 序号 in the register.
pub(super) const ROW: &str = "序号";
/// 疑点.
pub(super) const DOUBT: &str = "疑点";
/// 改动理由: why a person changed it.
pub(super) const REASON: &str = "改动理由";
/// The item's identity, hidden.
pub(super) const KEY: &str = "标识";
/// 关联关系: what the one is for the other.
pub(super) const KIND: &str = "关联关系";
/// 关联序号: the other.
pub(super) const TO: &str = "关联序号";
/// 决定: whether the tie holds.
pub(super) const VERDICT: &str = "决定";
/// The other's identity, hidden.
pub(super) const TO_KEY: &str = "关联标识";

/// A volume is right.
pub(super) const YES: &str = "是";
