#include "tools/cli/till_words.h"

namespace branchline::cli {
namespace {

struct Row {
  absl::string_view english;
  absl::string_view simplified;
  absl::string_view traditional;
};

constexpr Row kWords[] = {
    {"written off", "已核销", "已沖銷"},
    {"printed at", "打印机", "印表機"},
    {"receipt", "小票", "收據"},
    {"return", "退货", "退貨"},
    {"total", "合计", "合計"},
    {"discount", "优惠", "折扣"},
    {"tax", "税", "稅"},
    {"cash", "现金", "現金"},
    {"card", "银行卡", "信用卡"},
    {"voucher", "礼券", "禮券"},
    {"wallet", "扫码支付", "行動支付"},
    {"unconfirmed", "未确认", "未確認"},
    {"change", "找零", "找零"},
    {"rounding", "现金取整", "現金進位"},
    {"voided", "已取消", "已取消"},
    {"the basket is empty", "购物篮为空", "購物籃是空的"},
    {"not yet", "暂不能结账", "尚不能結帳"},
    {"signed on", "已登录", "已登入"},
    {"signed off", "已退出", "已登出"},
    {"day opened", "营业日已开始", "營業日已開始"},
    {"day closed", "营业日已结束", "營業日已結束"},
    {"payment still open", "付款未决，销售", "付款未決，銷售"},
    {"shift opened", "班次已开始", "班次已開始"},
    {"closed uncounted", "未清点结班", "未清點結班"},
    {"X report", "X 报表", "X 報表"},
    {"Z report", "Z 报表", "Z 報表"},
    {"receipts", "小票数", "收據數"},
    {"sales", "销售", "銷售"},
    {"returns", "退货额", "退貨額"},
    {"net", "净额", "淨額"},
    {"voided lines", "取消行数", "取消行數"},
    {"cancelled baskets", "取消购物篮", "取消購物籃"},
    {"opening", "期初现金", "期初現金"},
    {"float", "备用金", "備用金"},
    {"safe drop", "缴入保险柜", "存入保險櫃"},
    {"paid in", "其他收入", "其他收入"},
    {"paid out", "其他支出", "其他支出"},
    {"no-sale", "开钱箱", "開錢箱"},
    {"count difference", "清点差额", "清點差額"},
    {"expected", "应有现金", "應有現金"},
    {"counted", "清点现金", "清點現金"},
    {"over or short", "长短款", "長短款"},
    {"to the safe", "交保险柜", "交保險櫃"},
    {"left in the drawer", "留存钱箱", "留存錢箱"},
    {"grand sales", "累计销售", "累計銷售"},
    {"grand returns", "累计退货", "累計退貨"},
    {"late, for", "迟到，属于", "遲到，屬於"},
    {"settled by a count", "事后清点", "事後清點"},
    {"done", "完成", "完成"},
    {"parked", "已挂单", "已掛單"},
    {"basket cancelled", "购物篮已取消", "購物籃已取消"},
    {"approval ready for the next command", "授权用于下一条命令",
     "授權用於下一個指令"},
    {"'help COMMAND' says more of one, 'help all' of every one",
     "“help 命令”查看一条，“help all”查看全部",
     "「help 指令」查看一個，「help all」查看全部"},
    {"waiting for the daemon", "正在等待收银服务", "正在等待收銀服務"},
    {"the basket still holds goods: park or cancel it, or end once more",
     "购物篮中还有商品：请挂单或取消，或再次退出",
     "購物籃中還有商品：請掛單或取消，或再次結束"},
    {"training", "培训模式", "訓練模式"},
    {"this till trains now", "本机进入培训模式", "本機進入訓練模式"},
    {"this till is real again", "本机恢复正式收银", "本機恢復正式收銀"},
    {"invoice over", "开票金额", "開立發票金額"},
    {"found on the bill", "账单已核对", "帳單已核對"},
    {"still open", "仍未核对", "仍未核對"},
    {"no day is open", "营业日未开始", "營業日未開始"},
    {"the line is up", "总部已连接", "總部已連線"},
    {"the line is down", "总部未连接", "總部未連線"},
    {"waiting", "待上传", "待上傳"},
    {"there are more", "还有更多", "還有更多"},
    {"nothing found", "未找到", "找不到"},
    {"lines", "行", "行"},
    {"owed", "待退", "待退"},
    {"post-voids", "冲正", "作廢"},
    {"keyed prices", "改价行数", "改價行數"},
    {"keyed weights", "手输重量", "手輸重量"},
    {"copies", "补打", "補印"},
};

}  // namespace

bool LanguageOf(absl::string_view name, Language* language) {
  if (name == "en") {
    *language = Language::kEnglish;
  } else if (name == "zh-CN") {
    *language = Language::kSimplified;
  } else if (name == "zh-TW") {
    *language = Language::kTraditional;
  } else {
    return false;
  }
  return true;
}

absl::string_view NameOf(Language language) {
  switch (language) {
    case Language::kSimplified:
      return "zh-CN";
    case Language::kTraditional:
      return "zh-TW";
    default:
      return "en";
  }
}

absl::string_view Word(absl::string_view key, Language language) {
  if (language == Language::kEnglish) return key;
  for (const Row& row : kWords) {
    if (row.english != key) continue;
    return language == Language::kSimplified ? row.simplified : row.traditional;
  }
  return key;
}

}  // namespace branchline::cli
