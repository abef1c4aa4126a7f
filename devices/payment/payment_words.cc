#include "devices/payment/payment_words.h"

#include <array>

#include "absl/strings/str_cat.h"

namespace branchline {
namespace {

// English, zh-CN, zh-TW.
using Words = std::array<const char*, 3>;

size_t Column(absl::string_view language) {
  return language == "zh-CN" ? 1 : language == "zh-TW" ? 2 : 0;
}

Words StateWords(PaymentState state) {
  switch (state) {
    case PaymentState::kStarted:
      return {"Payment is under way.", "正在付款。", "正在付款。"};
    case PaymentState::kApproved:
      return {"Approved; waiting for the terminal's last word.",
              "已批准，等待终端最后确认。", "已核准，等待端末機最後確認。"};
    case PaymentState::kReversing:
      return {"Being cancelled. Do not hand out the goods.",
              "正在撤销，请勿交付商品。", "正在取消，請勿交付商品。"};
    case PaymentState::kOpen:
      return {"Not known whether it was paid. Do not hand out the goods.",
              "不确定是否已付款，请勿交付商品。",
              "不確定是否已付款，請勿交付商品。"};
    case PaymentState::kDone:
      return {"Paid.", "已付款。", "已付款。"};
    case PaymentState::kFailed:
      return {"Not paid.", "未付款。", "未付款。"};
    case PaymentState::kReversed:
      return {"Cancelled; the money is back with the customer.",
              "已撤销，款项已退回顾客。", "已取消，款項已退回顧客。"};
  }
  return {"", "", ""};
}

Words WhyWords(PaymentWhy why) {
  switch (why) {
    case PaymentWhy::kNone:
      return {"", "", ""};
    case PaymentWhy::kNotSent:
      return {"The request did not go out; try again or take cash.",
              "请求未发出；请重试或改收现金。",
              "請求未送出；請重試或改收現金。"};
    case PaymentWhy::kRefused:
      return {"The terminal refused the command; try again or take cash.",
              "终端拒绝了该指令；请重试或改收现金。",
              "端末機拒絕了該指令；請重試或改收現金。"};
    case PaymentWhy::kBusy:
      return {"The terminal is busy; wait for it and try again.",
              "终端忙，请稍候再试。", "端末機忙碌中，請稍候再試。"};
    case PaymentWhy::kDeclined:
      return {"Declined. Ask for another card or for cash.",
              "已被拒绝。请顾客换卡或付现金。",
              "已被拒絕。請顧客換卡或付現金。"};
    case PaymentWhy::kAborted:
      return {"Aborted at the terminal.", "已在终端上取消。",
              "已在端末機上取消。"};
    case PaymentWhy::kNoAnswer:
      return {"No answer yet; it is being asked.", "尚无答复，正在查询。",
              "尚無回覆，正在查詢。"};
    case PaymentWhy::kTerminalForgot:
      return {
          "The terminal shows no receipt. Look at its slip and display, "
          "then call a supervisor.",
          "终端没有收据记录。请查看其小票和屏幕，并叫主管处理。",
          "端末機沒有收據紀錄。請查看其簽單和螢幕，並請主管處理。"};
    case PaymentWhy::kTerminalShowsOther:
      return {
          "The terminal shows another receipt. Look at its slip, then "
          "call a supervisor.",
          "终端显示的是另一张收据。请查看小票，并叫主管处理。",
          "端末機顯示的是另一張收據。請查看簽單，並請主管處理。"};
    case PaymentWhy::kTerminalShowsEarlier:
      return {
          "The terminal shows nothing after its earlier receipt. Look at "
          "its display, then call a supervisor.",
          "终端在上一张收据之后没有新记录。请查看屏幕，并叫主管处理。",
          "端末機在上一張收據之後沒有新紀錄。請查看螢幕，並請主管處理。"};
    case PaymentWhy::kAmountDiffers:
      return {"Another amount was taken than was asked. Call a supervisor.",
              "实际扣款与应收金额不符，请叫主管处理。",
              "實際扣款與應收金額不符，請主管處理。"};
    case PaymentWhy::kCurrencyDiffers:
      return {"It was taken in another currency. Call a supervisor.",
              "扣款币种不符，请叫主管处理。", "扣款幣別不符，請主管處理。"};
    case PaymentWhy::kUndoneByTerminal:
      return {"The terminal took it back by itself; pay again.",
              "终端已自动冲正，请重新付款。", "端末機已自動沖正，請重新付款。"};
    case PaymentWhy::kCustomerPaying:
      return {"The customer confirms on the phone.", "顾客正在手机上确认。",
              "顧客正在手機上確認。"};
    case PaymentWhy::kCodeRefused:
      return {"The code was not taken. Let the customer show a fresh one.",
              "付款码无效，请顾客刷新后再扫。",
              "付款碼無效，請顧客更新後再掃。"};
    case PaymentWhy::kNotEnough:
      return {"Not enough money in the wallet.", "余额不足。", "餘額不足。"};
    case PaymentWhy::kTimeUp:
      return {"The customer did not confirm in time.", "顾客未及时确认。",
              "顧客未及時確認。"};
    case PaymentWhy::kGivenUp:
      return {"Cancelled at the till.", "收银员已取消。", "收銀員已取消。"};
    case PaymentWhy::kSetUpWrong:
      return {
          "The wallet refuses this shop; call a technician. Take cash or "
          "a card.",
          "钱包拒绝本店的请求，请联系技术人员；可改收现金或刷卡。",
          "錢包拒絕本店的請求，請聯絡技術人員；可改收現金或刷卡。"};
    case PaymentWhy::kDark:
      return {"The line is down; it goes on by itself when it is back.",
              "网络中断，恢复后自动继续。", "網路中斷，恢復後自動繼續。"};
    case PaymentWhy::kByHand:
      return {"Settled by a supervisor.", "已由主管处理。", "已由主管處理。"};
    case PaymentWhy::kReversedAlready:
      return {"It had been reversed before.", "此前已撤销。", "先前已取消。"};
  }
  return {"", "", ""};
}

}  // namespace

std::string PaymentWords(const PaymentAttempt& attempt,
                         absl::string_view language) {
  const size_t column = Column(language);
  Words state = StateWords(attempt.state);
  if (attempt.kind != PaymentKind::kPayment) {
    if (attempt.state == PaymentState::kDone) {
      state = {"The money is back with the customer.", "款项已退回顾客。",
               "款項已退回顧客。"};
    } else if (attempt.state == PaymentState::kFailed) {
      state = {"Nothing was given back.", "未退款。", "未退款。"};
    } else if (attempt.state == PaymentState::kOpen) {
      state = {"Not known whether the money went back.", "不确定是否已退款。",
               "不確定是否已退款。"};
    } else {
      state = {"Giving back.", "正在退款。", "正在退款。"};
    }
  }
  const absl::string_view why = WhyWords(attempt.why)[column];
  return absl::StrCat(state[column], why.empty() || column != 0 ? "" : " ",
                      why);
}

std::string ToText(PaymentState state) {
  switch (state) {
    case PaymentState::kStarted:
      return "started";
    case PaymentState::kApproved:
      return "approved";
    case PaymentState::kReversing:
      return "reversing";
    case PaymentState::kOpen:
      return "open";
    case PaymentState::kDone:
      return "done";
    case PaymentState::kFailed:
      return "failed";
    case PaymentState::kReversed:
      return "reversed";
  }
  return "unknown";
}

std::string ToText(PaymentMeans means) {
  switch (means) {
    case PaymentMeans::kTerminal:
      return "card terminal";
    case PaymentMeans::kWeChatPay:
      return "WeChat Pay";
    case PaymentMeans::kAlipay:
      return "Alipay";
  }
  return "unknown";
}

}  // namespace branchline
