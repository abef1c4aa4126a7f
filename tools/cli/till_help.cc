#include "tools/cli/till_help.h"

namespace branchline::cli {
namespace {

struct HelpRow {
  absl::string_view command;
  absl::string_view english;
  absl::string_view simplified;
  absl::string_view traditional;
};

constexpr HelpRow kHelp[] = {
    {"open-day", "Opens the business day", "开始营业日", "開始營業日"},
    {"close-day",
     "Seals the business day; shifts still open are closed uncounted",
     "结束营业日；未结的班次按未清点结束",
     "結束營業日；未結的班次按未清點結束"},
    {"sign-on", "Signs a member of staff on", "登录", "登入"},
    {"sign-off", "Signs off", "退出", "登出"},
    {"approve", "Somebody else's yes to the next command", "为下一条命令授权",
     "為下一個指令授權"},
    {"open-shift", "Opens this till's shift, with the float from the safe",
     "开班，备用金从保险柜取出", "開班，備用金從保險櫃取出"},
    {"close-shift", "Makes the Z: counted, and what stays in the drawer",
     "结班并打印 Z：清点额、留存额", "結班並列印 Z：清點額、留存額"},
    {"x", "What the Z would say now", "X 报表，不结班", "X 報表，不結班"},
    {"z", "A Z again; the last one without a number", "重看 Z 报表",
     "重看 Z 報表"},
    {"float", "More change from the safe", "从保险柜加备用金",
     "從保險櫃加備用金"},
    {"drop", "Cash from the drawer to the safe", "现金缴入保险柜",
     "現金存入保險櫃"},
    {"pay-in", "Cash in, beside sales", "其他收入", "其他收入"},
    {"pay-out", "Cash out, beside sales", "其他支出", "其他支出"},
    {"no-sale", "The drawer is opened for nothing", "不销售开钱箱",
     "不銷售開錢箱"},
    {"bank-sent", "Cash from the safe is on its way to the bank",
     "现金送存银行", "現金送存銀行"},
    {"bank-confirmed", "The bank has it", "银行确认收到", "銀行確認收到"},
    {"count",
     "Counts the drawer, the safe, or the last Z's drawer later: an amount, or "
     "20x3+5x2",
     "清点钱箱、保险柜或上一张 Z：金额，或 20x3+5x2",
     "清點錢箱、保險櫃或上一張 Z：金額，或 20x3+5x2"},
    {"add", "Adds an item by its SKU or barcode; a quantity below 0 comes back",
     "按编码或条码加商品；负数为退货", "按編碼或條碼加商品；負數為退貨"},
    {"pick", "Takes one of the items that were listed", "从所列商品中选一个",
     "從所列商品中選一個"},
    {"find", "Finds items by words, pinyin initials or codes",
     "按名称、拼音首字母或编码查找商品", "按名稱、拼音首字母或編碼尋找商品"},
    {"open",
     "Sells under an open department; an unknown code is noted for "
     "the office",
     "按开放部类销售；未知条码报给总部", "按開放部門銷售；未知條碼通報總部"},
    {"why", "Why the basket comes to what it does", "说明价格的来由",
     "說明價格的來由"},
    {"void", "Takes a line out", "取消一行", "取消一行"},
    {"quantity", "Another quantity for a line", "改数量", "改數量"},
    {"weight", "A weight keyed by hand: wants the right, and is counted",
     "手输重量，需权限并计数", "手輸重量，需權限並計數"},
    {"price", "Another price for a line, with the reason", "改价并注明原因",
     "改價並註明原因"},
    {"salesperson", "Who sold the line", "该行的导购", "該行的銷售員"},
    {"discount", "A discount on a line or on all, with the reason",
     "单行或整单优惠并注明原因", "單行或整單折扣並註明原因"},
    {"drop-change",
     "Lets small change go (a discount): an amount, or the due down to 0.1 or "
     "1",
     "抹零（计为优惠）：输入金额，或 to 0.1、to 1",
     "抹零（計為折扣）：輸入金額，或 to 0.1、to 1"},
    {"eat-in", "The goods are eaten here: its taxes", "堂食（按堂食税率）",
     "內用（依內用稅率）"},
    {"take-away", "The goods are taken away: its taxes", "外带（按外带税率）",
     "外帶（依外帶稅率）"},
    {"tax-exempt", "Leaves the tax out of all, with the reason",
     "整单免税并注明原因", "整單免稅並註明原因"},
    {"tax", "Another tax class for a line, with the reason",
     "改一行的税类并注明原因", "改一行的稅別並註明原因"},
    {"note", "A note on a line or on the receipt", "备注", "備註"},
    {"member", "The customer's number", "会员号", "會員號"},
    {"coupon", "A coupon that the customer shows", "优惠券", "優惠券"},
    {"age-checked", "Somebody looked at the customer's age", "已核对顾客年龄",
     "已核對顧客年齡"},
    {"basket", "The basket and what it comes to", "显示购物篮", "顯示購物籃"},
    {"cancel", "Gives the basket up; it is recorded", "取消购物篮（有记录）",
     "取消購物籃（有記錄）"},
    {"park", "Puts the basket aside; any till can recall it",
     "挂单，任何收银机可取回", "掛單，任何收銀機可取回"},
    {"recall", "Takes a parked basket back", "取回挂单", "取回掛單"},
    {"parked", "Lists parked baskets", "列出挂单", "列出掛單"},
    {"drop-basket", "Drops a parked basket; with goods in it that is recorded",
     "删除挂单；有商品时有记录", "刪除掛單；有商品時有記錄"},
    {"pay", "Rings the basket up; 'code' is a payment not confirmed yet",
     "结账；code 为待确认的扫码付款", "結帳；code 為待確認的掃碼付款"},
    {"terminal", "Takes a card at the shop's terminal; then 'pay'",
     "刷卡机收款，然后 pay 结账", "刷卡機收款，然後 pay 結帳"},
    {"phone", "Takes a payment by the code on the customer's phone; then 'pay'",
     "扫顾客付款码收款，然后 pay 结账", "掃顧客付款碼收款，然後 pay 結帳"},
    {"payments", "Card and wallet payments that somebody must see to",
     "列出待处理的刷卡与扫码付款", "列出待處理的刷卡與掃碼付款"},
    {"give-up", "Ends a payment that is under way, or undoes it",
     "放弃进行中的付款", "放棄進行中的付款"},
    {"ask-again", "Asks the terminal once more what became of a payment",
     "再次向刷卡机查询", "再次向刷卡機查詢"},
    {"settle", "Says by hand what a payment moved, 0 for nothing, and why",
     "人工确认付款结果（0 为未付）", "人工確認付款結果（0 為未付）"},
    {"give-back", "Gives a card its money back after a return or a void",
     "退货或冲正后退款到卡", "退貨或作廢後退款到卡"},
    {"terminal-job", "The terminal's end of day, diagnosis, or its last slip",
     "刷卡机结算、诊断或重打签购单", "刷卡機結算、診斷或重印簽單"},
    {"receipt", "A receipt again", "重看小票", "重看收據"},
    {"return", "Takes goods of a receipt back", "凭小票退货", "憑收據退貨"},
    {"exchange", "Takes goods of a receipt back within this basket",
     "换货：旧商品退入本单", "換貨：舊商品退入本單"},
    {"read-code", "What the code on a receipt says, of any branch",
     "读取小票二维码（任何分店）", "讀取收據二維碼（任何分店）"},
    {"return-code", "Takes goods back by the code of a receipt, of any branch",
     "凭小票二维码退货（任何分店）", "憑收據二維碼退貨（任何分店）"},
    {"void-receipt", "Undoes a receipt of this shift", "冲正本班小票",
     "作廢本班收據"},
    {"invoice", "The one invoice of a receipt, by the code on it",
     "凭开票码开票，仅一次", "憑發票碼開立發票，僅一次"},
    {"unconfirmed", "Payments taken unconfirmed and on no bill yet",
     "列出待核对的扫码付款", "列出待核對的掃碼付款"},
    {"match",
     "Finds them on a wallet's bill, or in a file of TRANSACTION,AMOUNT",
     "用渠道账单核对", "用通路帳單核對"},
    {"write-off", "Gives up a payment that never turned up, with the reason",
     "核销一直未到账的扫码付款并注明原因",
     "沖銷一直未入帳的掃碼付款並註明原因"},
    {"print-x", "The X, out of this till's printer", "打印 X 报表",
     "列印 X 報表"},
    {"reprint", "A receipt or Z again out of the printer, as a copy; counted",
     "补打小票或 Z 报表（副本，计数）", "補印收據或 Z 報表（副本，計數）"},
    {"label", "Prints labels that sell one piece at a reduced price",
     "打印清仓特价标签", "列印出清特價標籤"},
    {"training", "From here on nothing counts, or it counts again",
     "进入或退出培训模式", "進入或退出訓練模式"},
    {"paper", "A receipt, X or Z as it is printed, or as a page",
     "显示小票或报表，可存为网页", "顯示收據或報表，可存為網頁"},
    {"copy", "A receipt or Z as it is printed, marked as a copy", "显示副本",
     "顯示副本"},
    {"status", "The branch, its day and its line", "分店、营业日与线路状态",
     "分店、營業日與線路狀態"},
    {"lang", "The language", "切换语言", "切換語言"},
    {"help", "This list, or one command", "帮助", "說明"},
    {"quit", "Ends the till; a basket that is not parked is gone",
     "退出；未挂的单会丢失", "結束；未掛的單會遺失"},
};

}  // namespace

absl::string_view HelpOf(absl::string_view command, Language language) {
  for (const HelpRow& row : kHelp) {
    if (row.command != command) continue;
    switch (language) {
      case Language::kSimplified:
        return row.simplified;
      case Language::kTraditional:
        return row.traditional;
      default:
        return row.english;
    }
  }
  return "";
}

}  // namespace branchline::cli
