//! The four hands of Chinese office printing, and the names their fonts go by.

/// A hand that a form asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// 宋体: entries, titles.
    Song,
    /// 仿宋: running text.
    Fangsong,
    /// 楷体: notes and signatures.
    Kai,
    /// 黑体: headers of columns, labels.
    Hei,
}

impl Role {
    /// Every role.
    pub const ALL: [Self; 4] = [Self::Song, Self::Fangsong, Self::Kai, Self::Hei];

    /// Names of families, the most usual in offices first; Chinese and English, as fonts bear both.
    pub const fn families(self) -> &'static [&'static str] {
        match self {
            Self::Song => &[
                "宋体",
                "SimSun",
                "方正书宋_GBK",
                "方正书宋简体",
                "华文宋体",
                "STSong",
                "思源宋体",
                "Source Han Serif SC",
                "Noto Serif CJK SC",
                "Noto Serif SC",
                "AR PL UMing CN",
            ],
            Self::Fangsong => &[
                "仿宋_GB2312",
                "FangSong_GB2312",
                "仿宋",
                "FangSong",
                "方正仿宋_GBK",
                "方正仿宋简体",
                "华文仿宋",
                "STFangsong",
                "朱雀仿宋",
                "Zhuque Fangsong",
                "FandolFang R",
                "FandolFang",
            ],
            Self::Kai => &[
                "楷体_GB2312",
                "KaiTi_GB2312",
                "楷体",
                "KaiTi",
                "方正楷体_GBK",
                "方正楷体简体",
                "华文楷体",
                "STKaiti",
                "霞鹜文楷",
                "LXGW WenKai",
                "AR PL UKai CN",
            ],
            Self::Hei => &[
                "黑体",
                "SimHei",
                "方正黑体_GBK",
                "方正黑体简体",
                "华文黑体",
                "STHeiti",
                "思源黑体",
                "Source Han Sans SC",
                "Noto Sans CJK SC",
                "Noto Sans SC",
                "文泉驿正黑",
                "WenQuanYi Zen Hei",
            ],
        }
    }

    /// The weight sought in a family that has several.
    pub const fn weight(self) -> u16 {
        match self {
            Self::Song | Self::Fangsong | Self::Kai => 400,
            Self::Hei => 500,
        }
    }

    /// The family a spreadsheet or a web page names first.
    pub const fn office_family(self) -> &'static str {
        match self {
            Self::Song => "宋体",
            Self::Fangsong => "仿宋",
            Self::Kai => "楷体",
            Self::Hei => "黑体",
        }
    }
}
